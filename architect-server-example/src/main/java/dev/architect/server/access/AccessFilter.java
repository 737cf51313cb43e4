package dev.architect.server.access;

import dev.architect.runtime.AccessToken;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.network.SiteOrigins;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Permission.Access;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.RequestBody;
import dev.architect.server.rest.RequestNumber;
import dev.architect.server.rest.SecurityHeaders;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Filters every request, whether its path exists or not, and fails closed: the Host header must name this server, and every path
 * but that of a public operation requires a token or a login. A login, which browsers attach by themselves, may change state only
 * from this server's own pages. Before each operation {@link #permit} compares what it needs with what the caller may. Safe for use by several threads.
 */
public final class AccessFilter {

    private static final String PRINCIPAL = "architect.principal";
    private static final String BEARER = "bearer ";

    /** Where clients of model vendors come, which send their key in a header of their own. */
    private static final String GATEWAY = "/v1/";

    private static final String IMPORT = "/api/projects/import";

    private static final String PASSKEY_LOGIN = "/api/login/passkey";

    private static final String API_KEY = "x-api-key";

    private static final Duration SET_UP_RETRY = Duration.ofSeconds(30);

    private final SiteOrigins origins;
    private final ProxyTrust proxies;
    private final SecurityLog log;
    private final AccessToken token;
    private final AgentTokens agents;
    private final SetUpMode setUp;
    private final LoginSessions loginSessions;
    private final LoginCookie cookie;
    private final TimeSource time;
    private final Set<String> publicOperations;
    private final List<Pattern> pages;
    private final List<Pattern> publicPages;

    /** Creates the filter of these operations. */
    public AccessFilter(
            SiteOrigins origins,
            ProxyTrust proxies,
            SecurityLog log,
            AccessToken token,
            AgentTokens agents,
            SetUpMode setUp,
            LoginSessions loginSessions,
            LoginCookie cookie,
            TimeSource time,
            List<Operation> operations) {
        this.origins = origins;
        this.proxies = proxies;
        this.log = log;
        this.token = token;
        this.agents = agents;
        this.setUp = setUp;
        this.loginSessions = loginSessions;
        this.cookie = cookie;
        this.time = time;
        this.publicOperations =
                keys(operations, operation -> operation.permission().access() == Access.PUBLIC);
        this.pages = patterns(operations, Access.PAGE, "[0-9a-z]{1,32}");
        this.publicPages = patterns(
                operations.stream()
                        .filter(operation -> operation.path().contains("{"))
                        .toList(),
                Access.PUBLIC,
                "[0-9a-z-]{1,64}");
    }

    private static List<Pattern> patterns(List<Operation> operations, Access access, String name) {
        return operations.stream()
                .filter(operation -> operation.permission().access() == access)
                .map(operation -> Pattern.compile(operation.path().replaceAll("\\{[a-z]+}", name)))
                .toList();
    }

    /** Returns when the request may proceed; throws the error to respond with otherwise. */
    public void filter(Context request) {
        RequestNumber.put(request);
        SecurityHeaders.put(request);
        if (origins.isSecure(request)) {
            SecurityHeaders.putTransportSecurity(request);
        }
        if (!origins.isForThisServer(request)) {
            log.refuse("host-refused", proxies.clientAddress(request), "host", request.header("Host"));
            throw ApiException.forbidden("the Host header names another server, expected a name of this one");
        }
        if (isIn(publicOperations, request) || isAt(publicPages, request)) {
            if (changesSomething(request) && isCrossOrigin(request)) {
                throw foreignOrigin(request);
            }
            return;
        }
        Optional<Principal> principal = find(request);
        if (principal.isEmpty()) {
            reject(request);
            return;
        }
        if (principal.get().login().isPresent() && changesSomething(request) && !isSameOrigin(request)) {
            throw foreignOrigin(request);
        }
        request.attribute(PRINCIPAL, principal.get());
    }

    /** Returns who makes a request that {@link #filter} has let pass, and that is not public. */
    public static Principal principal(Context request) {
        return known(request).orElseThrow(ApiException::unauthorized);
    }

    /** Returns who makes a request; empty for a public operation, unless it has found out. */
    public static Optional<Principal> known(Context request) {
        return Optional.ofNullable(request.attribute(PRINCIPAL));
    }

    /** States who makes a request of a public operation, such as a login that has succeeded. */
    static void foundOut(Context request, Principal principal) {
        request.attribute(PRINCIPAL, principal);
    }

    /**
     * Returns when the caller, whom {@link #filter} has let pass, may do what needs this permission; throws the error to respond with
     * otherwise.
     */
    public void permit(Context request, Permission permission) {
        if (permission.access() == Access.PUBLIC) {
            return;
        }
        Principal principal = principal(request);
        if (!principal.may(permission.name())) {
            log.refuse(
                    "permission-refused",
                    proxies.clientAddress(request),
                    "actor",
                    principal.actor(),
                    "permission",
                    permission.name());
            throw ApiException.forbidden(
                    "you lack the permission " + permission.name() + ", expected a role or a scope with it");
        }
        if (principal.mustLogInAgain(permission.name(), time.wallTime())) {
            throw new ApiException(
                    403,
                    "fresh-login-needed",
                    "the password was shown more than ten minutes ago, expected POST /api/reauthenticate before this",
                    null,
                    null);
        }
    }

    /** As {@link #filter}, for the upgrade to a WebSocket: a browser must come from one of this server's pages. */
    public Principal filterUpgrade(Context request) {
        filter(request);
        Principal principal = principal(request);
        String origin = request.header("Origin");
        boolean mustBeOurs = principal.login().isPresent() || origin != null;
        if (mustBeOurs && (origin == null || !isSameOrigin(request))) {
            throw foreignOrigin(request);
        }
        return principal;
    }

    /**
     * Returns the same caller with what it may do now; empty when its login or token has ended, on whatever node. Asks the store about that once
     * a second at most.
     *
     * @throws dev.architect.error.StoreException when the store fails
     */
    public Optional<Principal> present(Principal principal) {
        if (principal.agent().isPresent()) {
            return agents.present(principal.agent().get()).map(Principal::of);
        }
        if (principal.login().isEmpty()) {
            return Optional.of(principal);
        }
        LoginSession login = principal.login().get();
        login.refresh();
        return login.isValid(time.wallTime()) ? Optional.of(Principal.of(login)) : Optional.empty();
    }

    /** The most bytes of a body that the sender of {@code request} may send; 0 when it will not be read. */
    public int bodyLimit(Request request) {
        if (publicOperations.contains(request.getMethod() + " " + Request.getPathInContext(request))) {
            return Request.getPathInContext(request).equals(PASSKEY_LOGIN)
                    ? RequestBody.MAX_PASSKEY_BYTES
                    : RequestBody.MAX_PUBLIC_BYTES;
        }
        boolean isGateway = Request.getPathInContext(request).startsWith(GATEWAY);
        String header = request.getHeaders().get("Authorization");
        String key = isGateway ? request.getHeaders().get(API_KEY) : null;
        boolean isKnown = (header != null || key != null)
                ? bearer(header)
                        .flatMap(this::byToken)
                        .or(() -> Optional.ofNullable(key).flatMap(this::byToken))
                        .isPresent()
                : Request.getCookies(request).stream()
                        .filter(one -> cookie.hasName(one.getName()))
                        .anyMatch(one -> loginSessions.find(one.getValue()).isPresent());
        if (!isKnown) {
            return 0;
        }
        boolean isImport = Request.getPathInContext(request).startsWith(IMPORT);
        return isGateway || isImport ? JsonBodyReader.MAX_GATEWAY_BYTES : JsonBodyReader.MAX_BYTES;
    }

    /** The token of a header; empty when the header is missing or of another scheme. */
    private static Optional<String> bearer(@Nullable String header) {
        return Optional.ofNullable(header)
                .filter(text -> text.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(text -> text.substring(BEARER.length()).strip());
    }

    private Optional<Principal> byToken(String secret) {
        return token.matches(secret)
                ? Optional.of(Principal.operator())
                : agents.find(secret).map(Principal::of);
    }

    private Optional<Principal> find(Context request) {
        String header = request.header("Authorization");
        String key = request.path().startsWith(GATEWAY) ? request.header(API_KEY) : null;
        if (header != null || key != null) {
            Optional<Principal> holder = bearer(header)
                    .flatMap(this::byToken)
                    .or(() -> Optional.ofNullable(key).flatMap(this::byToken));
            if (holder.isPresent()) {
                log.recordOften("token-used", proxies.clientAddress(request));
            } else {
                log.refuse("token-refused", proxies.clientAddress(request), "path", request.path());
            }
            return holder;
        }
        Optional<LoginSession> login = cookie.read(request).flatMap(loginSessions::find);
        login.ifPresent(found -> found.touch(time.wallTime()));
        return login.map(Principal::of);
    }

    private void reject(Context request) {
        String accept = request.header("Accept");
        boolean isForPeople = isAt(pages, request) && accept != null && accept.contains("text/html");
        if (setUp.isNeeded()) {
            rejectUntilSetUp(request, isForPeople);
            return;
        }
        if (isForPeople) {
            // A page of one thing is what links lead to, and what the login returns to.
            boolean isOfOneThing = request.path().lastIndexOf('/') > 0;
            request.redirect(isOfOneThing ? "/login?to=" + request.path() : "/login", HttpStatus.SEE_OTHER);
            request.skipRemainingHandlers();
            return;
        }
        boolean hasKey = request.path().startsWith(GATEWAY) && request.header(API_KEY) != null;
        if (request.header("Authorization") == null && !hasKey) {
            log.refuse("access-refused", proxies.clientAddress(request), "path", request.path());
        }
        request.header("WWW-Authenticate", "Bearer");
        throw ApiException.unauthorized();
    }

    private static void rejectUntilSetUp(Context request, boolean isForPeople) {
        if (isForPeople) {
            request.redirect("/setup", HttpStatus.SEE_OTHER);
            request.skipRemainingHandlers();
            return;
        }
        throw new ApiException(
                503,
                "setup-needed",
                "this server has no user yet, expected its operator to open /setup in a browser",
                null,
                SET_UP_RETRY);
    }

    /**
     * Whether a page of this server made the request: by {@code Sec-Fetch-Site}, or where it is missing by {@code Origin}.
     * False without either header.
     */
    private boolean isSameOrigin(Context request) {
        String site = request.header("Sec-Fetch-Site");
        String origin = request.header("Origin");
        if (site != null) {
            return site.equals("same-origin") && (origin == null || origins.isOwn(request, origin));
        }
        return origin != null && origins.isOwn(request, origin);
    }

    /** Whether another site made the request. False without either header, as for a client that is no browser. */
    private boolean isCrossOrigin(Context request) {
        boolean silent = request.header("Sec-Fetch-Site") == null && request.header("Origin") == null;
        return !silent && !isSameOrigin(request);
    }

    private ApiException foreignOrigin(Context request) {
        log.refuse(
                "origin-refused",
                proxies.clientAddress(request),
                "origin",
                request.header("Origin"),
                "path",
                request.path());
        return ApiException.forbidden("the request comes from another site, expected one of this server's pages");
    }

    private static boolean changesSomething(Context request) {
        return !request.method().equals(HandlerType.GET) && !request.method().equals(HandlerType.HEAD);
    }

    /** Whether it reads one of these. */
    private static boolean isAt(List<Pattern> pages, Context request) {
        return !changesSomething(request)
                && pages.stream().anyMatch(page -> page.matcher(request.path()).matches());
    }

    private static boolean isIn(Set<String> keys, Context request) {
        HandlerType method = request.method().equals(HandlerType.HEAD) ? HandlerType.GET : request.method();
        return keys.contains(key(method, request.path()));
    }

    private static Set<String> keys(List<Operation> operations, Predicate<Operation> wanted) {
        return operations.stream()
                .filter(wanted)
                .map(operation -> key(operation.method(), operation.path()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String key(@Nullable HandlerType method, String path) {
        return method + " " + path;
    }
}
