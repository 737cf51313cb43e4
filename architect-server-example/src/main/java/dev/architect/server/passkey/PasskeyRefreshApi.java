package dev.architect.server.passkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.access.AccessStore;
import dev.architect.access.Passkey;
import dev.architect.access.User;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.LoginLimits;
import dev.architect.server.access.LoginSession;
import dev.architect.server.access.SecurityLog;
import dev.architect.server.audit.AuditLog;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.network.SiteOrigins;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/**
 * A login that a passkey shows again: {@code /api/reauthenticate/passkey/options} and {@code /api/reauthenticate/passkey}. It takes the place of the
 * password and the code, so it must be a passkey of the same user that has verified who holds it, and its challenge is for this login alone.
 */
public final class PasskeyRefreshApi {

    private static final String PATH = "/api/reauthenticate/passkey";

    private final AccessStore store;
    private final PasskeyChallenges challenges;
    private final PasskeyAnswers answers;
    private final SiteOrigins origins;
    private final TimeSource time;

    /** Creates the resource. */
    public PasskeyRefreshApi(
            AccessStore store,
            LoginLimits limits,
            SiteOrigins origins,
            ProxyTrust proxies,
            AuditLog audit,
            SecurityLog log,
            TimeSource time) {
        this.store = store;
        this.challenges = new PasskeyChallenges(store, time);
        this.answers = new PasskeyAnswers(store, challenges, limits, proxies, audit, log, time);
        this.origins = origins;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("beginPasskeyRefresh", PATH + "/options", Permission.act("self"), this::begin)
                        .summary(
                                "Begins to show a passkey in place of the password, which some operations need within ten minutes.")
                        .answer(
                                200,
                                "What navigator.credentials.get takes, with bytes in base64url.",
                                Schema.object()
                                        .required("publicKey", Schema.map(Schema.any()))
                                        .open())
                        .refuses(404, "not-found")
                        .refuses(409, "no-login", "passkeys-unavailable")
                        .refuses(429, "too-many-logins")
                        .refuses(503, "busy"),
                Operation.post("finishPasskeyRefresh", PATH, Permission.act("self"), this::finish)
                        .summary("Takes what a passkey has signed in place of the password.")
                        .body(PasskeyAnswer.FORM)
                        .answer(204, "The login counts as new.")
                        .refuses(401, "wrong-passkey", "password-needed")
                        .refuses(409, "no-login", "passkeys-unavailable")
                        .refuses(429, "too-many-logins"));
    }

    private static User user(LoginSession login) {
        return login.user().orElseThrow(ApiException::unauthorized);
    }

    private void begin(Context request) {
        LoginSession login = AccessFilter.principal(request).userLogin();
        RelyingParty party = RelyingParty.of(origins, request);
        List<Passkey> own = store.passkeys(user(login).name());
        if (own.isEmpty()) {
            throw ApiException.notFound("the user has no passkey, expected the password at /api/reauthenticate");
        }
        answers.begin(request);
        String challenge = challenges.issue(PasskeyChallenges.toRefresh(login.id()));
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("publicKey", PasskeyOptions.toLogIn(party, own, "required", challenge));
        JsonResponseWriter.write(request, answer);
    }

    private void finish(Context request) {
        LoginSession login = AccessFilter.principal(request).userLogin();
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(PasskeyAnswer.FIELDS);
        PasskeyAnswer answer = PasskeyAnswer.read(fields);
        RelyingParty party = RelyingParty.of(origins, request);
        answers.check(
                request,
                answer,
                party,
                new PasskeyAnswers.Expected(PasskeyChallenges.toRefresh(login.id()), Optional.of(user(login)), true));
        login.authenticate(time.wallTime());
        request.status(204);
    }
}
