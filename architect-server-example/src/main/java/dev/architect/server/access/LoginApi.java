package dev.architect.server.access;

import dev.architect.runtime.AccessToken;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The resources {@code /login} and {@code /logout}: exchange the token, or the code of a link, for a login session, and end it. */
public final class LoginApi {

    private static final String TOKEN = "token";
    private static final String CODE = "code";

    private final AccessToken token;
    private final LoginCodes codes;
    private final LoginSessions loginSessions;
    private final LoginCookie cookie;
    private final LoginRateLimit limit;
    private final ProxyTrust proxies;
    private final SecurityLog log;

    /** Creates the resource. */
    public LoginApi(
            AccessToken token,
            LoginCodes codes,
            LoginSessions loginSessions,
            LoginCookie cookie,
            LoginRateLimit limit,
            ProxyTrust proxies,
            SecurityLog log) {
        this.token = token;
        this.codes = codes;
        this.loginSessions = loginSessions;
        this.cookie = cookie;
        this.limit = limit;
        this.proxies = proxies;
        this.log = log;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("login", "/login", Permission.PUBLIC, this::login)
                        .summary("Logs a browser in, by the token or the code of a link.")
                        .body(Schema.object()
                                .optional(TOKEN, Schema.text())
                                .optional(CODE, Schema.text())
                                .closed())
                        .answer(204, "It is logged in; the cookie says so.")
                        .refuses(401, "wrong-token", "wrong-code")
                        .refuses(429, "too-many-tries"),
                Operation.post("logout", "/logout", Permission.ANY_LOGIN, this::logout)
                        .summary("Ends the login of a browser.")
                        .answer(204, "It is logged out."));
    }

    private void login(Context request) {
        String client = proxies.clientAddress(request);
        String key = proxies.limitKey(request);
        Duration wait = limit.retryAfter(key);
        if (!wait.isZero()) {
            log.refuse(
                    "login-while-locked",
                    client,
                    "waitSeconds",
                    wait.plusMillis(999).toSeconds());
            throw new ApiException(429, "too-many-tries", "too many wrong tokens, try again later", null, wait);
        }
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(TOKEN, CODE));
        boolean byLink = fields.has(CODE);
        boolean isRight = byLink
                ? codes.redeem(fields.requiredText(CODE).strip())
                : token.matches(fields.requiredText(TOKEN).strip());
        if (!isRight) {
            recordRefusal(key, client, byLink ? "wrong-code" : "wrong-token");
            throw byLink
                    ? new ApiException(401, "wrong-code", "the link was used before, or is too old", CODE, null)
                    : new ApiException(401, "wrong-token", "the token is wrong", TOKEN, null);
        }
        limit.recordSuccess(key);
        cookie.read(request).ifPresent(loginSessions::invalidate);
        String agent = String.valueOf(request.header("User-Agent"));
        String id = loginSessions.create(Optional.empty(), client, agent);
        cookie.put(request, id);
        loginSessions.find(id).ifPresent(login -> AccessFilter.foundOut(request, Principal.of(login)));
        log.record("login", "client", client);
        request.status(204);
    }

    private void recordRefusal(String key, String client, String reason) {
        limit.recordFailure(key);
        log.refuse("login-refused", client, "reason", reason);
        Duration locked = limit.retryAfter(key);
        if (!locked.isZero()) {
            log.refuse(
                    "login-locked",
                    client,
                    "waitSeconds",
                    locked.plusMillis(999).toSeconds());
        }
    }

    private void logout(Context request) {
        cookie.read(request).ifPresent(loginSessions::invalidate);
        cookie.remove(request);
        log.record("logout", "client", proxies.clientAddress(request));
        request.status(204);
    }
}
