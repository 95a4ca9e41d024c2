"""The original design, as its tutorial has it: a middleware that writes each client's address into a sorted set of
Redis, scored by the time, and a view that answers how many there are. Served by gunicorn with two workers."""

import os
import time

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.urls import path
from redis import Redis

KEY = "onlines"
connection = Redis.from_url(os.environ["REDIS_URL"])


class OnlineMiddleware:
    """Counts whoever asks."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR")
        address = forwarded.split(",")[0] if forwarded else request.META["REMOTE_ADDR"]
        connection.zadd(KEY, {address: int(time.time())})
        return self.get_response(request)


def hello(_request):
    return HttpResponse("Hello")


def online(_request):
    return JsonResponse({"msg": "访问人数", "num": connection.zcard(KEY)})


urlpatterns = [path("", hello), path("user/online/", online)]

settings.configure(
    DEBUG=False,
    SECRET_KEY="of-no-use-here",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[f"{__name__}.OnlineMiddleware"],
)
django.setup()
application = get_wsgi_application()
