package dev.architect.server.access;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.architect.access.AccessChange;
import dev.architect.access.AccessStore;
import dev.architect.access.PasswordRules;
import dev.architect.access.SecondFactor;
import dev.architect.access.User;
import dev.architect.runtime.AccessToken;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Logins of people by name and password, and by the code of an authenticator app where the user has one: {@code /api/login},
 * {@code /api/login/second}, {@code /api/logout}, {@code /api/reauthenticate} and {@code /api/me/password}. A wrong name and a wrong password get
 * the same answer after the same time.
 */
public final class PersonLoginApi {

    private static final String NAME = "name";
    private static final String PASSWORD = "password";
    private static final String CURRENT = "current";
    private static final String TOKEN = "token";
    private static final String TICKET = "ticket";
    private static final String CODE = "code";
    private static final int MAX_NAME = 64;
    private static final Schema SECRET = Schema.text(1, PasswordRules.MAX_CHARACTERS);

    private final AccessStore store;
    private final AccessToken token;
    private final PasswordChecks passwords;
    private final LoginSessions loginSessions;
    private final LoginCookie cookie;
    private final LoginStarter starter;
    private final LoginLimits limits;
    private final SecondFactors factors;
    private final ProxyTrust proxies;
    private final SecurityLog log;
    private final TimeSource time;

    /** Creates the resource. */
    public PersonLoginApi(
            AccessStore store,
            AccessToken token,
            PasswordChecks passwords,
            LoginSessions loginSessions,
            LoginCookie cookie,
            LoginStarter starter,
            LoginLimits limits,
            SecondFactors factors,
            ProxyTrust proxies,
            SecurityLog log,
            TimeSource time) {
        this.store = store;
        this.token = token;
        this.passwords = passwords;
        this.loginSessions = loginSessions;
        this.cookie = cookie;
        this.starter = starter;
        this.limits = limits;
        this.factors = factors;
        this.proxies = proxies;
        this.log = log;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("createLogin", "/api/login", Permission.PUBLIC, this::login)
                        .summary("Logs a browser in, by name and password.")
                        .body(Schema.object()
                                .required(NAME, Schema.text(1, MAX_NAME))
                                .required(PASSWORD, SECRET)
                                .closed())
                        .answer(204, "It is logged in; the cookie says so.")
                        .refuses(401, "wrong-login", "second-factor-needed")
                        .refuses(429, "too-many-logins")
                        .refuses(503, "busy"),
                Operation.post("finishLogin", "/api/login/second", Permission.PUBLIC, this::finishLogin)
                        .summary("Logs a browser in by the code of an authenticator app, after the password was right.")
                        .body(Schema.object()
                                .required(TICKET, Schema.text(1, SecondFactors.MAX_TICKET))
                                .required(CODE, Schema.text(1, SecondFactors.MAX_CODE))
                                .closed())
                        .answer(204, "It is logged in; the cookie says so.")
                        .refuses(401, "wrong-second-factor", "login-ended")
                        .refuses(429, "too-many-logins"),
                Operation.post("endLogin", "/api/logout", Permission.ANY_LOGIN, this::logout)
                        .summary("Ends the login of a browser.")
                        .answer(204, "It is logged out."),
                Operation.post("refreshLogin", "/api/reauthenticate", Permission.act("self"), this::reauthenticate)
                        .summary("Shows the password again, which some operations need within ten minutes.")
                        .body(Schema.object()
                                .optional(PASSWORD, SECRET)
                                .optional(TOKEN, SECRET)
                                .optional(CODE, Schema.text(1, SecondFactors.MAX_CODE))
                                .closed())
                        .answer(204, "The login counts as new.")
                        .refuses(401, "wrong-login", "second-factor-needed", "wrong-second-factor")
                        .refuses(409, "no-login")
                        .refuses(429, "too-many-logins")
                        .refuses(503, "busy"),
                Operation.put("setPassword", "/api/me/password", Permission.act("self"), this::setPassword)
                        .summary("Sets another password, and ends all other logins of the user.")
                        .body(Schema.object()
                                .required(CURRENT, SECRET)
                                .required(
                                        PASSWORD,
                                        Schema.text(PasswordRules.MIN_CHARACTERS, PasswordRules.MAX_CHARACTERS))
                                .closed())
                        .answer(204, "It is set; the cookie holds a new login.")
                        .refuses(401, "wrong-login")
                        .refuses(409, "no-login", "stale-version")
                        .refuses(429, "too-many-logins")
                        .refuses(503, "busy"));
    }

    private void login(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(NAME, PASSWORD));
        String name = text(fields, NAME, MAX_NAME).strip().toLowerCase(Locale.ROOT);
        String password = text(fields, PASSWORD, PasswordRules.MAX_CHARACTERS);
        User user = check(request, name, password);
        // After it, so that the ticket is signed with what is kept from now on.
        User kept = rehash(user, password);
        Optional<SecondFactor> factor = factors.needed(kept);
        if (factor.isPresent()) {
            throw secondFactorNeeded(null)
                    .with(TICKET, TextNode.valueOf(factors.ticket(kept, factor.get())))
                    .with(
                            "passkeys",
                            BooleanNode.valueOf(!store.passkeys(kept.name()).isEmpty()));
        }
        limits.recordSuccess(name, proxies.limitKey(request));
        starter.logIn(request, kept);
    }

    private static ApiException secondFactorNeeded(@Nullable String field) {
        return new ApiException(
                401,
                "second-factor-needed",
                "the password is right, expected the code of the authenticator app as well",
                field,
                null);
    }

    private void finishLogin(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(TICKET, CODE));
        String ticket = text(fields, TICKET, SecondFactors.MAX_TICKET);
        String code = text(fields, CODE, SecondFactors.MAX_CODE);
        User user = factors.holder(ticket)
                .orElseThrow(() -> new ApiException(
                        401,
                        "login-ended",
                        "the login is more than five minutes old or was changed, expected the password again",
                        null,
                        null));
        SecondFactor factor = factors.needed(user).orElseThrow(ApiException::unauthorized);
        factors.check(request, user, factor, code);
        limits.recordSuccess(user.name(), proxies.limitKey(request));
        starter.logIn(request, user);
    }

    private static String text(BodyFields fields, String name, int most) {
        String text = fields.requiredText(name);
        if (text.isEmpty() || text.length() > most) {
            throw fields.invalid(name, name + " has " + text.length() + " characters, expected 1.." + most);
        }
        return text;
    }

    /** Returns the active user with this password; counts what fails. */
    private User check(Context request, String name, String password) {
        String key = proxies.limitKey(request);
        Duration wait = limits.retryAfter(name, key);
        String client = proxies.clientAddress(request);
        if (!wait.isZero()) {
            log.refuse(
                    "login-while-locked",
                    client,
                    "waitSeconds",
                    wait.plusMillis(999).toSeconds());
            throw new ApiException(429, "too-many-logins", "too many failed logins, try again later", null, wait);
        }
        Optional<User> user = store.user(name).filter(User::isActive);
        boolean isRight = passwords.matches(password, user.map(User::passwordHash));
        if (!isRight || user.isEmpty()) {
            limits.recordFailure(name, key);
            log.refuse("login-refused", client, "reason", "wrong-login");
            throw new ApiException(401, "wrong-login", "the name or the password is wrong", null, null);
        }
        return user.get();
    }

    /** A hash of the past is replaced while the password is at hand; another change of the user meanwhile goes first. */
    private User rehash(User user, String password) {
        if (!passwords.isOutdated(user.passwordHash())) {
            return user;
        }
        store.change(user.withPassword(passwords.hash(password), user.passwordAt()));
        return store.user(user.name()).orElse(user);
    }

    private void logout(Context request) {
        starter.end(request);
        cookie.remove(request);
        log.record("logout", "client", proxies.clientAddress(request));
        request.status(204);
    }

    private void reauthenticate(Context request) {
        LoginSession login = loginOf(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(PASSWORD, TOKEN, CODE));
        // All are read, so that a wrong type of any is named.
        for (String each : List.of(PASSWORD, TOKEN, CODE)) {
            if (fields.text(each).isPresent()) {
                text(fields, each, each.equals(CODE) ? SecondFactors.MAX_CODE : PasswordRules.MAX_CHARACTERS);
            }
        }
        if (login.user().isPresent()) {
            User user = check(request, login.user().get().name(), fields.requiredText(PASSWORD));
            Optional<SecondFactor> factor = factors.needed(user);
            if (factor.isPresent()) {
                String code = fields.text(CODE).orElseThrow(() -> secondFactorNeeded(CODE));
                factors.check(request, user, factor.get(), code);
            }
            limits.recordSuccess(user.name(), proxies.limitKey(request));
        } else {
            checkToken(request, fields.requiredText(TOKEN).strip());
        }
        login.authenticate(time.wallTime());
        request.status(204);
    }

    private void checkToken(Context request, String offered) {
        String key = proxies.limitKey(request);
        Duration wait = limits.retryAfter("", key);
        if (!wait.isZero()) {
            throw new ApiException(429, "too-many-logins", "too many failed logins, try again later", null, wait);
        }
        if (!token.matches(offered)) {
            limits.recordFailure("", key);
            throw new ApiException(401, "wrong-login", "the token is wrong", TOKEN, null);
        }
    }

    private static LoginSession loginOf(Context request) {
        return AccessFilter.principal(request)
                .login()
                .orElseThrow(() -> new ApiException(
                        409, "no-login", "the caller has a token, expected a login of a browser", null, null));
    }

    private void setPassword(Context request) {
        LoginSession login = loginOf(request);
        User known = login.user()
                .orElseThrow(() -> new ApiException(
                        409, "no-login", "the local operator has no password, expected a user", null, null));
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(CURRENT, PASSWORD));
        String password = fields.requiredText(PASSWORD);
        String current = text(fields, CURRENT, PasswordRules.MAX_CHARACTERS);
        refuseWeak(password, known.name());
        User user = check(request, known.name(), current);
        limits.recordSuccess(user.name(), proxies.limitKey(request));
        if (store.change(user.withPassword(passwords.hash(password), time.wallTime())) != AccessChange.DONE) {
            throw new ApiException(409, "stale-version", "the user was changed meanwhile, try again", null, null);
        }
        loginSessions.endAll(user.name(), Optional.empty());
        starter.begin(request, user);
        log.record("password-set", "client", proxies.clientAddress(request), "user", user.name());
        request.status(204);
    }

    /** Refuses a password that is short, or guessed first. */
    static void refuseWeak(String password, String name) {
        PasswordRules.refusal(password, name).ifPresent(reason -> {
            throw ApiException.invalidValue(PASSWORD, PASSWORD + " " + reason);
        });
    }
}
