package dev.architect.server.access;

import dev.architect.access.PasswordRules;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.runtime.AccessToken;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The resource {@code /setup}: the holder of the local operator's token becomes the first user, an admin, and is logged in. Of several who try
 * at once, one succeeds.
 */
public final class SetUpApi {

    private static final String TOKEN = "token";
    private static final String NAME = "name";
    private static final String PASSWORD = "password";

    private final SetUpMode mode;
    private final AccessToken token;
    private final PasswordChecks passwords;
    private final LoginSessions loginSessions;
    private final LoginCookie cookie;
    private final LoginRateLimit limit;
    private final ProxyTrust proxies;
    private final SecurityLog log;
    private final TimeSource time;

    /** Creates the resource. */
    public SetUpApi(
            SetUpMode mode,
            AccessToken token,
            PasswordChecks passwords,
            LoginSessions loginSessions,
            LoginCookie cookie,
            LoginRateLimit limit,
            ProxyTrust proxies,
            SecurityLog log,
            TimeSource time) {
        this.mode = mode;
        this.token = token;
        this.passwords = passwords;
        this.loginSessions = loginSessions;
        this.cookie = cookie;
        this.limit = limit;
        this.proxies = proxies;
        this.log = log;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("getSetUp", "/api/setup", Permission.PUBLIC, this::show)
                        .summary("Shows whether the server has no user yet.")
                        .answer(
                                200,
                                "The state.",
                                Schema.object()
                                        .required("needed", Schema.truth())
                                        .open()),
                Operation.post("createFirstUser", "/setup", Permission.PUBLIC, this::setUp)
                        .summary("Creates the first user, an admin, and logs a browser in.")
                        .body(Schema.object()
                                .required(TOKEN, Schema.text())
                                .required(NAME, Schema.text(1, 64))
                                .required(
                                        PASSWORD,
                                        Schema.text(PasswordRules.MIN_CHARACTERS, PasswordRules.MAX_CHARACTERS))
                                .closed())
                        .answer(204, "The user is there and logged in.")
                        .refuses(401, "wrong-token")
                        .refuses(409, "set-up-done")
                        .refuses(429, "too-many-tries")
                        .refuses(503, "busy"));
    }

    private void show(Context request) {
        JsonResponseWriter.write(request, JsonResponseWriter.object().put("needed", mode.isNeeded()));
    }

    private void setUp(Context request) {
        String client = proxies.clientAddress(request);
        String key = proxies.limitKey(request);
        Duration wait = limit.retryAfter(key);
        if (!wait.isZero()) {
            throw new ApiException(429, "too-many-tries", "too many wrong tokens, try again later", null, wait);
        }
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(TOKEN, NAME, PASSWORD));
        String offered = fields.requiredText(TOKEN).strip();
        String name = fields.checked(NAME, () -> User.checkName(fields.requiredText(NAME)));
        String password = fields.requiredText(PASSWORD);
        PersonLoginApi.refuseWeak(password, name);
        if (!mode.isNeeded()) {
            throw done();
        }
        if (!token.matches(offered)) {
            limit.recordFailure(key);
            log.refuse("set-up-refused", client, "reason", "wrong-token");
            throw new ApiException(401, "wrong-token", "the token is wrong", TOKEN, null);
        }
        User user = User.create(name, Set.of(UserRole.ADMIN), passwords.hash(password), time.wallTime());
        if (!mode.claim(user)) {
            throw done();
        }
        limit.recordSuccess(key);
        String id = loginSessions.create(Optional.of(user), client, String.valueOf(request.header("User-Agent")));
        cookie.put(request, id);
        loginSessions.find(id).ifPresent(login -> AccessFilter.foundOut(request, Principal.of(login)));
        log.record("set-up", "client", client, "user", name);
        request.status(204);
    }

    private static ApiException done() {
        return new ApiException(409, "set-up-done", "this server has a user already, expected none", null, null);
    }
}
