"""Settings of an installation, all read from the environment; the defaults serve a desk computer."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from psycopg.conninfo import conninfo_to_dict

from sif.commands.environment import (
    DEMONSTRATION_DOMAINS,
    DEMONSTRATION_SECRET,
    FACTOR_ROLES,
    SMTP_PORTS,
    USUAL_JURISDICTION,
    USUAL_PORT,
    split_list,
    unsafe,
)

if problems := unsafe(os.environ):
    # refuse to serve with a misspelt or unsafe environment, whatever started the process
    raise ImproperlyConfigured(f"El entorno no es seguro y SIF no arranca:\n{problems}")

DATOS = Path(os.environ.get("SIF_DATOS", "datos")).resolve()
# where evidence is kept: empty for a folder of the data, another folder, or s3://bucket/prefix (AWS_* say how)
ARCHIVOS = os.environ.get("SIF_ARCHIVOS", "")
# file servers and what each may be asked to open: a module declares its OPENERS and knows no web framework. Invoices
# have a server of their own: forking one that holds SAT's schemas costs each file ten milliseconds
ABRIDORES = {
    "archivos": (
        *("sif.sandbox.probe", "sif.sandbox.pictures", "sif.sandbox.workbook", "sif.sandbox.table"),
        *("sif.banks.openers", "sif.batch.sat", "sif.filing.openers", "sif.statutes.openers"),
    ),
    "facturas": ("sif.cfdi.openers",),
}
# seconds that a page waits for the files that it opens, together; what takes longer is opened by a job (ADR 0236)
PAGINA_ESPERA_S = 2.0
# address of SAT's public service of the status of invoices; empty: it is not asked
SAT_ESTATUS = os.environ.get("SIF_SAT_ESTATUS", "")
AUDITORIA_AJENA = os.environ.get("SIF_AUDITORIA_AJENA", "motivo")  # papers of a hallazgo of another: motivo, rehusa
# whether a hallazgo is of an auditor, to look at its papers, only if another person gave it
ASIGNA_OTRA_PERSONA = os.environ.get("SIF_ASIGNA_OTRA_PERSONA", "si") == "si"
# the service of time stamps (RFC 3161) that dates published roots; empty: none
SELLO_TIEMPO = os.environ.get("SIF_SELLO_TIEMPO", "").strip()
PRODUCTION = os.environ.get("SIF_ENTORNO", "demostracion") == "produccion"
DEBUG = False
SECRET_KEY = os.environ.get("SIF_SECRETO", DEMONSTRATION_SECRET)
ALLOWED_HOSTS = split_list(os.environ.get("SIF_DOMINIOS", DEMONSTRATION_DOMAINS))
JURISDICTION = os.environ.get("SIF_JURISDICCION", USUAL_JURISDICTION)
# where mail and documents lead their readers: never what a request says of its host
SITIO = (
    f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://localhost:{os.environ.get('SIF_PUERTO') or USUAL_PORT}"
)
# the server that takes mail; empty: no mail is sent, and pages say so
SMTP_SERVIDOR = os.environ.get("SIF_SMTP_SERVIDOR", "").strip()
SMTP_TLS = os.environ.get("SIF_SMTP_TLS", "starttls")  # starttls, tls, no
SMTP_PUERTO = int(os.environ.get("SIF_SMTP_PUERTO") or SMTP_PORTS.get(SMTP_TLS, "587"))
SMTP_USUARIO = os.environ.get("SIF_SMTP_USUARIO", "")
SMTP_CONTRASENA_ARCHIVO = os.environ.get("SIF_SMTP_CONTRASENA_ARCHIVO", "")
SMTP_REMITENTE = os.environ.get("SIF_SMTP_REMITENTE", "")


# What a session begins with and goes back to, whatever the role or the database were told to begin with (ADR 0232): the
# role may tell itself, and one line of it would end every session at once, or have texts and numbers read as others
SESSION = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "search_path": r"public,\ pg_temp", "timezone": "UTC", "default_transaction_isolation": r"read\ committed",
        "default_transaction_read_only": "off", "default_transaction_deferrable": "off", "row_security": "on",
        "synchronous_commit": "on", "statement_timeout": "0", "lock_timeout": "0", "datestyle": "ISO",
        "bytea_output": "hex", "standard_conforming_strings": "on", "transaction_timeout": "0",
        "idle_session_timeout": "0", "idle_in_transaction_session_timeout": "0", "tcp_user_timeout": "0",
        "client_connection_check_interval": "0", "exit_on_error": "off", "local_preload_libraries": "",
        "default_tablespace": "", "temp_tablespaces": "", "default_table_access_method": "heap",
        "restrict_nonsystem_relation_kind": "",
        "array_nulls": "on", "transform_null_equals": "off", "extra_float_digits": "1", "intervalstyle": "postgres",
        "gin_fuzzy_search_limit": "0", "xmloption": "content", "xmlbinary": "base64", "quote_all_identifiers": "off",
        "backslash_quote": "safe_encoding", "log_parameter_max_length_on_error": "0",
        "client_min_messages": "notice", "timezone_abbreviations": "Default",
    }.items()
)  # fmt: skip


def _database(variable: str) -> dict[str, object]:
    parts = conninfo_to_dict(os.environ.get(variable, "postgresql://sif_app@/sif"))
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    known = {names[key]: value for key, value in parts.items() if key in names}
    options = {key: value for key, value in parts.items() if key not in names}
    options["options"] = " ".join([str(options.get("options", "")), SESSION]).strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        **known,
    }


# `default` is the ordinary role that row level security binds; `owner` migrates and nothing else.
DATABASES = {"default": _database("DATABASE_URL"), "owner": _database("DATABASE_OWNER_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "sif.web",  # first, so that its templates stand before those of the login library
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "sif.web.accounts.listed.ListedSessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "ninja",  # its page of the API, with assets of its own
    "procrastinate.contrib.django",
    "sif.registry",
    "sif.jobs",
    "sif.statutes",
    "sif.catalogs",
    "sif.mail",
    "sif.notices",
    "sif.books",
    "sif.filing",
    "sif.banks",
    "sif.apportionment",
    "sif.batch",
    "sif.statements",
    "sif.audit",
    "sif.proceedings",
    "sif.duties",
    "sif.disclosure",
]
# `default` is shared by all processes (limits, codes already used); `figuras` is of each process, and what it holds is
# derived from books that only grow, stamped by their last entry (ADR 0120)
CACHES = {
    "default": {"BACKEND": "sif.registry.shared_cache.SharedCache"},
    "figuras": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 50_000}},
}
MIDDLEWARE = [
    "sif.web.address.AddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sif.web.logged.LogMiddleware",
    "sif.web.outage.HealthMiddleware",
    "sif.web.api.plain.TlsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "sif.web.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "sif.web.load.LoadMiddleware",
    "sif.web.bodies.BodyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sif.web.privacy.PrivateResponsesMiddleware",
    "sif.web.searched.SearchedMiddleware",
    "sif.web.edge.EdgeMiddleware",
    "sif.web.accounts.sessions.SessionMiddleware",
    "sif.web.scope.ScopeMiddleware",
    "sif.web.accounts.factors.FactorMiddleware",
    "sif.web.accounts.again.AgainMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "sif.web.edge.MethodMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sif.web.trabajos.largos.LongFileMiddleware",
    "sif.web.trabajos.aperturas.OpeningMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "sif.web.frame.surroundings",
            ],
        },
    }
]
FORM_RENDERER = "sif.web.widgets.Renderer"

AUTH_USER_MODEL = "registry.Usuario"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# The door: accounts, passwords, factors, sessions. Nobody signs up, and the login library sends no mail.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "rfc")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "sif.registry.passwords.PublishedPassword"},
    {"NAME": "sif.registry.passwords.OwnName"},
]
# a larger list of published passwords: sorted 8-byte prefixes of SHA-1; empty: only the one of the package
BREACHED_PASSWORDS = os.environ.get("SIF_CONTRASENAS", "")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/mesa/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "sif.web.accounts.adapter.Cuentas"
# wrong passwords are counted by the adapter; `login_failed` binds the codes of a second factor
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip,5/5m/key"}
ACCOUNT_REAUTHENTICATION_REQUIRED, ACCOUNT_REAUTHENTICATION_TIMEOUT = True, 300
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False  # a session ends with its browser, with its twelve hours or by idleness
USERSESSIONS_ADAPTER = "sif.web.accounts.sessions.Sesiones"
MFA_ADAPTER = "sif.web.accounts.factors.Factores"
MFA_FORMS = {
    "add_webauthn": "sif.web.accounts.forms.AddKeyForm",
    "authenticate": "sif.web.accounts.forms.CodeForm",
    "authenticate_webauthn": "sif.web.accounts.forms.KeyForm",
    "reauthenticate": "sif.web.accounts.forms.AgainCodeForm",
    "reauthenticate_webauthn": "sif.web.accounts.forms.AgainKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people are verified by invitation, not by mail
# roles that need a second factor; in the demonstration none, so that its people enter by a button
MFA_ROLES = frozenset(split_list(os.environ.get("SIF_MFA_ROLES", ",".join(FACTOR_ROLES) if PRODUCTION else "")))
# where they are not bound to it, «Hoy» tells them
FACTOR_ADVISED = frozenset(FACTOR_ROLES)
# keys that encrypt the secrets of factors, the first for new ones
FACTOR_KEYS = split_list(os.environ.get("SIF_LLAVE_MFA", "")) or [SECRET_KEY]
# whether who proposes a process may not open it; the institution says no where a single person administers
TWO_PEOPLE_OPEN = os.environ.get("SIF_ABRE_OTRA_PERSONA", "si") == "si"
USERSESSIONS_TRACK_ACTIVITY = True  # shown in the list; kept once a minute by SessionMiddleware
SESSION_ENGINE = "sif.web.sessions"
SESSION_COOKIE_AGE = 12 * 3600
IDLE_SECONDS = 60 * int(os.environ.get("SIF_INACTIVIDAD_MINUTOS", "30"))
SOCIALACCOUNT_ADAPTER = "sif.web.accounts.federated.Federadas"
SOCIALACCOUNT_AUTO_SIGNUP = SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
# the institution's provider of identity (OpenID Connect); empty: none
OIDC_SERVER = os.environ.get("SIF_OIDC_SERVIDOR", "")
_provider = {
    "provider_id": "institucion",
    "name": os.environ.get("SIF_OIDC_NOMBRE", "la institución"),
    "client_id": os.environ.get("SIF_OIDC_CLIENTE", ""),
    "secret": os.environ.get("SIF_OIDC_SECRETO", ""),
    "settings": {"server_url": OIDC_SERVER, "oauth_pkce_enabled": True},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_provider] if OIDC_SERVER else []}}
ACT_SECONDS = 15 * 60  # an entry older than this is asked again before an act of law
# networks of the proxies whose X-Forwarded-* count; empty: nobody's
PROXIES = split_list(os.environ.get("SIF_PROXYS", ""))

LANGUAGE_CODE = "es-mx"
LANGUAGES = [("es-mx", "Español"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "America/Mexico_City"
LOCALE_PATHS: list[str] = []

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # served from where the packages keep them: nothing to collect
# what one request may weigh, files and all; the proxies of deploy/ admit a little more, so that we say it in words
MOST_BODY = DATA_UPLOAD_MAX_MEMORY_SIZE = 60 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "connect-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    # the browser refuses the redirect of a form to the provider unless its origin is here
    "form-action": [CSP.SELF, *(["/".join(OIDC_SERVER.split("/")[:3])] if OIDC_SERVER else [])],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # forms and scripts read the token from the page
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
THEME_COOKIE_NAME, KNOWN_COOKIE_NAME = "tema", "conocido"
if PRODUCTION:
    # TLS ends at the institution's proxy; X-Forwarded-Proto arrives only from the networks of SIF_PROXYS
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^estado/$", r"^api/"]  # a probe on loopback speaks plain HTTP; the API refuses it
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = os.environ.get("SIF_PRECARGA_HSTS", "") == "si"
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sif", "__Host-csrf"
    LANGUAGE_COOKIE_NAME, THEME_COOKIE_NAME, KNOWN_COOKIE_NAME = "__Host-idioma", "__Host-tema", "__Host-conocido"
SILENCED_SYSTEM_CHECKS: list[str] = []

# True in tests alone: a job runs inside the request that asks for it
TRABAJOS_EN_LINEA = False
# kinds of job that no app brings
PROCRASTINATE_IMPORT_PATHS = ["sif.statements.tasks", "sif.web.admin.tasks", "sif.availability.tasks"]
MEDIR_DISPONIBILIDAD = True
JOB_FILES_BYTES = int(os.environ.get("SIF_TRABAJOS_GIB", "20")) << 30  # of the files that jobs ask with and make
TRABAJOS_PARADOS_S = 45  # a worker without a heartbeat for that long is dead; heartbeats come every ten seconds

# one JSON line for each event on standard error; other libraries are heard from WARNING, without their texts
LOGGING: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "sif.registry.events.JsonFormatter"}},
    "handlers": {"lineas": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lineas"], "level": "WARNING"},
    "loggers": {
        "sif.suceso": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},  # refusals have their own line
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # so has a host that is not ours
        "django.server": {"handlers": [], "level": "WARNING"},
    },
}
