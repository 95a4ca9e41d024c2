import type { FindingTemplate } from "../lib/finding-words.ts";

/** Findings in Chinese by their code, with the names of the server's `values`; one that came later than this page has the server's own words. */
export const FINDING_WORDS: Readonly<Record<string, FindingTemplate>> = {
  "channels-full": {
    title: "频道数量已达上限",
    detail: "{count} 条访问记录因频道数超过 PRESENCE_CHANNELS_MAX（{channelsMax}）而被拒绝。",
    remedy:
      "调高 PRESENCE_CHANNELS_MAX；或用 GET /v1/channels 看看是否有人在编造频道名，并收紧 PRESENCE_CHANNELS。",
  },
  "channels-not-allowed": {
    title: "有访问记录指向此处不统计的频道",
    detail: "{count} 条访问记录因频道不在 PRESENCE_CHANNELS 中而被拒绝。",
    remedy: "把这些频道加入 PRESENCE_CHANNELS（现为 {channels}）；page:* 表示所有以 page: 开头的频道。",
  },
  "clients-loopback": {
    title: "所有访客都来自本机",
    detail: "{whole} 个请求中有 {part} 个来自本机地址。",
    remedy:
      "试用时无需处理。若本机上有代理：让它发送 X-Forwarded-For，并设置 PRESENCE_TRUSTED_PROXIES=loopback。",
  },
  "clients-private": {
    title: "所有访客都是内网地址",
    detail: "{whole} 个请求中有 {part} 个来自内网地址。",
    remedy:
      "在内网中使用时无需处理。否则前面有代理或容器网络没有说明客户端是谁：让它发送 X-Forwarded-For，并把它写进 PRESENCE_TRUSTED_PROXIES。",
  },
  "clock-differs": {
    title: "Redis 与本机的时钟不一致",
    detail: "Redis 的时钟比本机快 {offsetSeconds} 秒（负数表示慢）。",
    remedy: "人数只按 Redis 的时钟计算；自行写入时间的程序和日志用的是各自的时钟。请在两台机器上都运行 NTP。",
  },
  "clock-jumped": {
    title: "Redis 的时钟发生过跳变",
    detail: "恢复平稳之前，人数可能不完整；Redis 的时钟现在比本机快 {offsetSeconds} 秒（负数表示慢）。",
    remedy: "在 Redis 所在的机器上运行 NTP，让它渐进调整，而不是一次拨准。",
  },
  "data-lost": {
    title: "存储丢失过数据",
    detail:
      "它在 {elapsedMs}前重新开始：本进程在窗口时间内见过的访客已重新写入，此后一个窗口时间内的人数不完整。",
    remedy:
      "重启或清空 Redis 之后属于正常情况。如果没有人这样做过：请查看 Redis 日志中的内存、故障切换和持久化。",
  },
  "eviction-policy": {
    title: "Redis 可能会淘汰访客",
    detail:
      "它的 maxmemory-policy 是 {policy}：内存用满后会整个删除频道，人数会悄悄变少[（目前 maxmemory 为 {maxmemory}，即没有上限，暂时不会淘汰）]。",
    remedy: "执行 redis-cli CONFIG SET maxmemory-policy noeviction，并在 Redis 的配置文件中作同样的修改。",
  },
  "forwarded-not-believed": {
    title: "有客户端自称替他人转发，未被采信",
    detail:
      "{whole} 个请求中有 {part} 个带有 {header}，但来源地址不在 PRESENCE_TRUSTED_PROXIES 中：每个请求都按发送者自己计数。",
    remedy:
      "如果客户端直接访问本服务器，无需处理：这样的请求头谁都能写。如果前面有代理或 CDN，docs/recipes/ 说明了该信任谁。",
  },
  "identity-key-missing": {
    title: "暂时无法对访客做哈希",
    detail: "{count} 次访问没有计数：存储还没有给出今天的密钥。",
    remedy: "恢复存储：PRESENCE_IDENTITY=hashed 的密钥保存在其中。",
  },
  "job-failed": {
    title: "有任务上次运行失败",
    detail: "{failures}。",
    remedy: "GET /v1/jobs 会给出它上次成功的时间；原因在运行它的进程的日志里。",
  },
  "key-type": {
    title: "计数所用的键存着别的数据",
    detail: "键 {key} 的类型是 {type}，不是有序集合：无法记录任何访客。",
    remedy: "把 PRESENCE_KEY 改成没有人使用的名字，或删除这个键：redis-cli DEL {key}",
  },
  "key-without-end": {
    title: "另有程序在写同一个键",
    detail: "键 {key} 没有过期时间，而 Presence 创建的键都有：它由别的程序创建，会保持原样。",
    remedy:
      "如果本来就打算共用，无需处理：清理任务会让它保持很小。共用需要 PRESENCE_IDENTITY=ip；有 IPv6 客户端时还需要 PRESENCE_IPV6_PREFIX=128。",
  },
  "memory-nearly-full": {
    title: "Redis 的内存快用完了",
    detail: "上限 {maxBytes}，已用 {usedBytes}；每个访客约占 120 字节。",
    remedy: "调高 maxmemory，或用 redis-cli --bigkeys 看看里面还存着什么。",
  },
  "no-admin-token": {
    title: "没有人能查看或移除访客",
    detail: "本服务器监听 {host}，但没有管理令牌：需要令牌的操作一律被拒绝。",
    remedy: "把 PRESENCE_ADMIN_TOKENS 设为至少 32 个字符的密钥，例如 openssl rand -hex 32 的输出。",
  },
  "proxy-not-trusted": {
    title: "代理用自己的地址遮住了所有访客",
    detail: "{whole} 个请求中有 {part} 个来自 {peers}，它发送了 {header}。",
    remedy: "把 {cidrs} 加入 PRESENCE_TRUSTED_PROXIES。",
  },
  "prune-late": {
    title: "已离开的访客没有被清理",
    detail: "距上次成功清理已超过 {elapsedMs}。人数仍然正确，但内存占用会增加。",
    remedy:
      "由 API 进程运行任务时，请查看日志中失败的任务；否则启动 apps/scheduler，或在一个 API 上设置 PRESENCE_JOBS=in-process。presence-cli prune 可以立即清理一次。",
  },
  "redis-permission": {
    title: "Redis 用户无权查看全部信息",
    detail: "缺少权限 {permissions}：相关的问题无法发现。计数并不需要它们。",
    remedy: "给这个用户加上权限：redis-cli ACL SETUSER <user> {permissions}",
  },
  "requests-of-one-visitor": {
    title: "几乎所有请求都来自同一个访客",
    detail: "{whole} 个请求中有 {part} 个来自同一个访客[（{visitor}）]。",
    remedy:
      "监控程序或负载均衡的健康检查应写进 PRESENCE_IGNORE。被当成访客的代理必须说明它的客户端是谁，并写进 PRESENCE_TRUSTED_PROXIES。",
  },
  "requests-without-address": {
    title: "有请求没有客户端地址",
    detail: "{whole} 个请求中有 {part} 个没有客户端地址，未被计数。",
    remedy: "立刻断开的客户端没有地址。如果很多：请检查本服务器前面的设备。",
  },
  "sightings-dropped": {
    title: "缓冲区已满，丢失了访问记录",
    detail: "等待存储的访客达到 PRESENCE_BUFFER_VISITORS（{bufferVisitors}）个，丢弃了 {count} 个。",
    remedy:
      "恢复存储，或让它离得更近：它的应答比访客到来还慢。调高 PRESENCE_BUFFER_VISITORS 可以多用内存来撑过更长的中断。",
  },
  "sightings-of-one-visitor": {
    title: "几乎所有访问记录都来自同一个访客",
    detail: "{whole} 条访问记录中有 {part} 条属于同一个访客[（{visitor}）]。",
    remedy:
      "监控程序或负载均衡的健康检查应写进 PRESENCE_IGNORE。被当成访客的代理必须说明它的客户端是谁，并写进 PRESENCE_TRUSTED_PROXIES。",
  },
  "sightings-out-of-time": {
    title: "有访问记录来得太晚，或来自未来",
    detail: "提交到 /v1/sightings 的记录中，{late} 条早于窗口时间，{early} 条超前 5 秒以上。",
    remedy: "请在窗口时间内发送，并用 NTP 校准发送方的时钟。",
  },
  "sightings-private": {
    title: "提交到 /v1/sightings 的地址都是内网地址",
    detail: "{whole} 个地址中有 {part} 个是内网地址。",
    remedy:
      "在内网中使用时无需处理。否则发送方的日志里记的是代理的地址：请让它记录客户端地址（nginx：realip 模块）。",
  },
  "sightings-without-address": {
    title: "提交到 /v1/sightings 的内容不是地址",
    detail: "{count} 条访问记录因 PRESENCE_INVALID_ADDRESS 被拒绝。",
    remedy: "检查发送方在 ip 里写了什么：主机名、短横线或一串地址都不是地址。",
  },
  "store-unreachable": {
    title: "存储没有应答",
    detail: "显示的是最后已知的人数，标为过时，最多保留一个窗口时间；新的访问在本进程中等待。",
    remedy: "在本机上试试 redis-cli -u $REDIS_URL PING；连接失败的原因在日志里。",
  },
  "tokens-in-clear": {
    title: "令牌以明文在网络上传送",
    detail: "PRESENCE_PUBLIC_URL 是 {publicUrl}，没有使用 TLS。",
    remedy: "让前面的代理提供 https，并把 PRESENCE_PUBLIC_URL 改成 https 地址。",
  },
  "visitors-of-another-form": {
    title: "部分访客的形式与本服务器不同",
    detail:
      "最近的 {whole} 个访客中，有 {part} 个不是 PRESENCE_IDENTITY={identity} 和 PRESENCE_IPV6_PREFIX={ipv6Prefix} 所生成的形式。",
    remedy:
      "如果是有意命名的（通过 /v1/sightings 或其他程序），无需处理。如果另有程序往同一集合写入地址：共用时请设置 PRESENCE_IDENTITY=ip 和 PRESENCE_IPV6_PREFIX=128。",
  },
  "visitors-of-the-future": {
    title: "有访客的时间在未来",
    detail: "共 {count} 个；它们不会被计数，下次清理时会被移除。",
    remedy: "另有程序在写同一个键：它的分数必须是 Unix 秒而不是毫秒，而且它的时钟要准。",
  },
  "writers-disagree": {
    title: "写入此存储的进程设置不一致",
    detail: "{whole} 个进程中有 {part} 个的设置不同：{theirs}；本进程：{here}。",
    remedy: "让所有进程的 {variables} 取相同的值。",
  },
};
