package dev.architect.server.access;

import dev.architect.access.User;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.rest.ApiException;
import io.javalin.http.Context;
import java.util.Optional;

/**
 * Begins the login of a browser whose user has shown who it is, in whatever way: the browser gets a new id, and the one that it had is over.
 * Safe for use by several threads.
 */
public final class LoginStarter {

    private final LoginSessions loginSessions;
    private final LoginCookie cookie;
    private final ProxyTrust proxies;
    private final SecurityLog log;

    /** Creates it. */
    public LoginStarter(LoginSessions loginSessions, LoginCookie cookie, ProxyTrust proxies, SecurityLog log) {
        this.loginSessions = loginSessions;
        this.cookie = cookie;
        this.proxies = proxies;
        this.log = log;
    }

    /** Logs the browser in, with an answer that has no body. */
    public void logIn(Context request, User user) {
        end(request);
        begin(request, user);
        log.record("login", "client", proxies.clientAddress(request), "user", user.name());
        request.status(204);
    }

    /** Ends the login that the browser has. */
    void end(Context request) {
        cookie.read(request).ifPresent(loginSessions::invalidate);
    }

    /** Gives the browser a login. */
    void begin(Context request, User user) {
        String id = loginSessions.create(
                Optional.of(user), proxies.clientAddress(request), String.valueOf(request.header("User-Agent")));
        cookie.put(request, id);
        LoginSession login = loginSessions.find(id).orElseThrow(ApiException::unauthorized);
        AccessFilter.foundOut(request, Principal.of(login));
    }
}
