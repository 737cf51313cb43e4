package dev.architect.server.access;

import dev.architect.runtime.AccessToken;
import dev.architect.server.rest.Access;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.SecurityHeaders;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Filters every request, whether its path exists or not, and fails closed: the Host header must name this server, and every path
 * but that of a public endpoint requires the token or a login. A login, which browsers attach by themselves, may change state only
 * from this server's own pages. Safe for use by several threads.
 */
public final class AccessFilter {

    private static final String PRINCIPAL = "architect.principal";
    private static final String BEARER = "bearer ";

    private final HostCheck hosts;
    private final AccessToken token;
    private final LoginSessions loginSessions;
    private final LoginCookie cookie;
    private final TimeSource time;
    private final Set<String> publicEndpoints;
    private final List<Pattern> pages;

    /** Creates the filter of these endpoints. */
    public AccessFilter(
            HostCheck hosts,
            AccessToken token,
            LoginSessions loginSessions,
            LoginCookie cookie,
            TimeSource time,
            List<Endpoint> endpoints) {
        this.hosts = hosts;
        this.token = token;
        this.loginSessions = loginSessions;
        this.cookie = cookie;
        this.time = time;
        this.publicEndpoints = keys(endpoints, endpoint -> endpoint.access() == Access.PUBLIC);
        this.pages = endpoints.stream()
                .filter(endpoint -> endpoint.access() == Access.PAGE)
                .map(endpoint -> Pattern.compile(endpoint.path().replaceAll("\\{[a-z]+\\}", "[0-9a-z]{1,32}")))
                .toList();
    }

    /** Returns when the request may proceed; throws the error to respond with otherwise. */
    public void filter(Context request) {
        SecurityHeaders.put(request);
        if (!hosts.isAllowed(request.header("Host"))) {
            throw ApiException.forbidden("the Host header names another server, expected a name of this one");
        }
        if (isIn(publicEndpoints, request)) {
            if (changesSomething(request) && OriginCheck.isCrossOrigin(request)) {
                throw foreignOrigin();
            }
            return;
        }
        Optional<Principal> principal = principal(request);
        if (principal.isEmpty()) {
            reject(request);
            return;
        }
        if (principal.get().login().isPresent() && changesSomething(request) && !OriginCheck.isSameOrigin(request)) {
            throw foreignOrigin();
        }
        request.attribute(PRINCIPAL, principal.get());
    }

    /** As {@link #filter}, for the upgrade to a WebSocket: a browser must come from one of this server's pages. */
    public Principal filterUpgrade(Context request) {
        filter(request);
        Principal principal = request.attribute(PRINCIPAL);
        if (principal == null) {
            throw ApiException.unauthorized();
        }
        String origin = request.header("Origin");
        boolean mustBeOurs = principal.login().isPresent() || origin != null;
        if (mustBeOurs && (origin == null || !OriginCheck.isSameOrigin(request))) {
            throw foreignOrigin();
        }
        return principal;
    }

    private Optional<Principal> principal(Context request) {
        String header = request.header("Authorization");
        if (header != null) {
            return header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                            && token.matches(header.substring(BEARER.length()).strip())
                    ? Optional.of(new Principal(Optional.empty()))
                    : Optional.empty();
        }
        Optional<LoginSession> login = cookie.read(request).flatMap(loginSessions::find);
        login.ifPresent(found -> found.touch(time.wallTime()));
        return login.map(found -> new Principal(Optional.of(found)));
    }

    private void reject(Context request) {
        String accept = request.header("Accept");
        if (isPage(request) && accept != null && accept.contains("text/html")) {
            // A page of one thing is what somebody linked to, and what the login returns to.
            boolean isOfOneThing = request.path().lastIndexOf('/') > 0;
            request.redirect(isOfOneThing ? "/login?to=" + request.path() : "/login", HttpStatus.SEE_OTHER);
            request.skipRemainingHandlers();
            return;
        }
        request.header("WWW-Authenticate", "Bearer");
        throw ApiException.unauthorized();
    }

    private static ApiException foreignOrigin() {
        return ApiException.forbidden("the request comes from another site, expected one of this server's pages");
    }

    private static boolean changesSomething(Context request) {
        return !request.method().equals(HandlerType.GET) && !request.method().equals(HandlerType.HEAD);
    }

    private boolean isPage(Context request) {
        return !changesSomething(request)
                && pages.stream().anyMatch(page -> page.matcher(request.path()).matches());
    }

    private static boolean isIn(Set<String> keys, Context request) {
        HandlerType method = request.method().equals(HandlerType.HEAD) ? HandlerType.GET : request.method();
        return keys.contains(key(method, request.path()));
    }

    private static Set<String> keys(List<Endpoint> endpoints, Predicate<Endpoint> wanted) {
        return endpoints.stream()
                .filter(wanted)
                .map(endpoint -> key(endpoint.method(), endpoint.path()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String key(@Nullable HandlerType method, String path) {
        return method + " " + path;
    }
}
