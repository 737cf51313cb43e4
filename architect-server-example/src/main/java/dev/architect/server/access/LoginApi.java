package dev.architect.server.access;

import dev.architect.runtime.AccessToken;
import dev.architect.server.rest.Access;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.JsonBodyReader;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
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

    /** Creates the resource. */
    public LoginApi(
            AccessToken token,
            LoginCodes codes,
            LoginSessions loginSessions,
            LoginCookie cookie,
            LoginRateLimit limit) {
        this.token = token;
        this.codes = codes;
        this.loginSessions = loginSessions;
        this.cookie = cookie;
        this.limit = limit;
    }

    /** Its endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/login", this::login).access(Access.PUBLIC), Endpoint.post("/logout", this::logout));
    }

    private void login(Context request) {
        String address = request.ip();
        Duration wait = limit.retryAfter(address);
        if (!wait.isZero()) {
            throw new ApiException(429, "too-many-tries", "too many wrong tokens, try again later", null, wait);
        }
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(TOKEN, CODE));
        boolean byLink = fields.has(CODE);
        boolean isRight = byLink
                ? codes.redeem(fields.requiredText(CODE).strip())
                : token.matches(fields.requiredText(TOKEN).strip());
        if (!isRight) {
            limit.recordFailure(address);
            throw byLink
                    ? new ApiException(401, "wrong-code", "the link was used before, or is too old", CODE, null)
                    : new ApiException(401, "wrong-token", "the token is wrong", TOKEN, null);
        }
        limit.recordSuccess(address);
        cookie.read(request).ifPresent(loginSessions::invalidate);
        cookie.put(request, loginSessions.create());
        request.status(204);
    }

    private void logout(Context request) {
        cookie.read(request).ifPresent(loginSessions::invalidate);
        cookie.remove(request);
        request.status(204);
    }
}
