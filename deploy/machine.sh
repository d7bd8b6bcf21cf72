#!/bin/sh
# What the machine itself must have, before anything of ours can run.
#
#   deploy/machine.sh python     Python 3.11 that can make virtual environments
#   deploy/machine.sh servers    also RabbitMQ and PostgreSQL, for tests that start (and kill) servers of their own
#
# On Debian, root gets what is missing by apt-get, and no service is started by that. Anybody else is told what to do.
set -eu

python_311() {
    for python in python3.11 python3; do
        "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo "$python" && return
    done
    return 1
}

missing() {
    if ! python=$(python_311); then
        echo "python3"
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "python3-venv"
    fi
    [ "$1" = servers ] || return 0
    ls /usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server >/dev/null 2>&1 || command -v rabbitmq-server >/dev/null ||
        [ -n "${COMHAR_TEST_AMQP_URI:-}" ] || echo rabbitmq-server
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null ||
        [ -n "${COMHAR_TEST_POSTGRES_URL:-}" ] || echo postgresql
}

install() {
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap 'rm -f $policy' EXIT
        trap 'exit 1' INT TERM
        printf '#!/bin/sh\nexit 101\n' >$policy # "do not start it": read by every package that brings a service
        chmod 755 $policy
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    # python3-venv beside it: a Python that has only just come cannot make environments either
    case " $* " in *" python3 "*) set -- "$@" python3-venv ;; esac
    apt-get install -q -y --no-install-recommends "$@"
}

say() {
    echo "comhar needs what this machine does not have:" $1 >&2
    case " $1 " in *python3*)
        echo "  Python 3.11 with its venv module. On Debian 12: apt-get install python3 python3-venv" >&2 ;;
    esac
    case " $1 " in *rabbitmq-server*)
        echo "  RabbitMQ. On Debian: apt-get install rabbitmq-server. Or name one in COMHAR_TEST_AMQP_URI=amqp://administrator:password@host:5672/" >&2 ;;
    esac
    case " $1 " in *postgresql*)
        echo "  PostgreSQL. On Debian: apt-get install postgresql. Or name one in COMHAR_TEST_POSTGRES_URL=postgresql://superuser:password@host:5432/postgres" >&2 ;;
    esac
}

needed=$(missing "$1" | tr '\n' ' ')
if [ -n "$needed" ] && [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; then
    echo "Installing with apt-get: $needed" >&2
    install $needed >&2
    needed=$(missing "$1" | tr '\n' ' ')
fi
if [ -n "$needed" ]; then
    say "$needed"
    exit 1
fi
python_311
