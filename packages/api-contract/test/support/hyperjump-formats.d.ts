// The package has no types for this module, which only registers the formats.
declare module "@hyperjump/json-schema/formats";
