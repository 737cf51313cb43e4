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

/** Turns the token into a login for a browser, and ends it. */
public final class LoginApi {

    private static final String TOKEN = "token";

    private final AccessToken token;
    private final LoginSessions logins;
    private final LoginCookie cookie;
    private final LoginRateLimit limit;

    /** Creates the endpoints' owner. */
    public LoginApi(AccessToken token, LoginSessions logins, LoginCookie cookie, LoginRateLimit limit) {
        this.token = token;
        this.logins = logins;
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
        Duration wait = limit.waitOf(address);
        if (!wait.isZero()) {
            throw new ApiException(429, "too-many-tries", "too many wrong tokens, try again later", null, wait);
        }
        BodyFields fields = new BodyFields(JsonBodyReader.object(request), "");
        fields.allowOnly(Set.of(TOKEN));
        if (!token.matches(fields.requiredText(TOKEN).strip())) {
            limit.failed(address);
            throw new ApiException(401, "wrong-token", "the token is wrong", TOKEN, null);
        }
        limit.succeeded(address);
        cookie.read(request).ifPresent(logins::end);
        cookie.put(request, logins.begin());
        request.status(204);
    }

    private void logout(Context request) {
        cookie.read(request).ifPresent(logins::end);
        cookie.remove(request);
        request.status(204);
    }
}
