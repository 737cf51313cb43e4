package dev.architect.server.passkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.access.AccessStore;
import dev.architect.access.User;
import dev.architect.runtime.AccessToken;
import dev.architect.server.access.LoginLimits;
import dev.architect.server.access.LoginStarter;
import dev.architect.server.access.SecondFactors;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Logins by a passkey: {@code /api/login/passkey/options} and {@code /api/login/passkey}. A passkey that has verified its user (by a PIN, a
 * fingerprint, a face) is possession and knowledge at once, and needs neither name nor password. After the right password any passkey of the user
 * takes the place of the authenticator app. Whatever is wrong with an answer is told to the log alone.
 */
public final class PasskeyLoginApi {

    private static final String PATH = "/api/login/passkey";
    private static final String TICKET = "ticket";
    private static final Schema TICKET_FORM = Schema.text(1, SecondFactors.MAX_TICKET);

    private final AccessStore store;
    private final PasskeyChallenges challenges;
    private final PasskeyAnswers answers;
    private final SecondFactors factors;
    private final LoginStarter starter;
    private final SiteOrigins origins;
    private final TimeSource time;

    /** Creates the resource. */
    public PasskeyLoginApi(
            AccessStore store,
            SecondFactors factors,
            LoginStarter starter,
            LoginLimits limits,
            SiteOrigins origins,
            ProxyTrust proxies,
            AuditLog audit,
            SecurityLog log,
            TimeSource time) {
        this.store = store;
        this.challenges = new PasskeyChallenges(store, time);
        this.answers = new PasskeyAnswers(store, challenges, limits, proxies, audit, log, time);
        this.factors = factors;
        this.starter = starter;
        this.origins = origins;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("beginPasskeyLogin", PATH + "/options", Permission.PUBLIC, this::begin)
                        .summary("Begins a login by a passkey, or the second step of one whose password was right.")
                        .optionalBody(
                                Schema.object().optional(TICKET, TICKET_FORM).closed())
                        .answer(
                                200,
                                "What navigator.credentials.get takes, with bytes in base64url, and the ticket of the login.",
                                Schema.object()
                                        .required(TICKET, Schema.text())
                                        .required("publicKey", Schema.map(Schema.any()))
                                        .open())
                        .refuses(401, "login-ended")
                        .refuses(409, "passkeys-unavailable")
                        .refuses(429, "too-many-logins")
                        .refuses(503, "busy"),
                Operation.post("finishPasskeyLogin", PATH, Permission.PUBLIC, this::finish)
                        .summary("Logs a browser in by what a passkey has signed.")
                        .body(Schema.object()
                                .required(TICKET, TICKET_FORM)
                                .all(PasskeyAnswer.FORM)
                                .closed())
                        .answer(204, "It is logged in; the cookie says so.")
                        .refuses(401, "wrong-passkey", "password-needed")
                        .refuses(409, "passkeys-unavailable")
                        .refuses(429, "too-many-logins"));
    }

    private void begin(Context request) {
        BodyFields fields =
                new BodyFields(JsonBodyReader.readOptional(request).orElseGet(JsonResponseWriter::object), "");
        fields.rejectUnknown(Set.of(TICKET));
        Optional<String> shown = fields.text(TICKET).map(ticket -> checked(fields, ticket));
        RelyingParty party = RelyingParty.of(origins, request);
        answers.begin(request);
        ObjectNode answer = JsonResponseWriter.object();
        if (shown.isPresent()) {
            User user = factors.holder(shown.get())
                    .orElseThrow(() -> new ApiException(
                            401,
                            "login-ended",
                            "the login is more than five minutes old or was changed, expected the password again",
                            null,
                            null));
            String challenge = challenges.issue(PasskeyChallenges.toLogIn(shown.get()));
            answer.put(TICKET, shown.get());
            // The password is there: that somebody touches the passkey is enough.
            answer.set(
                    "publicKey", PasskeyOptions.toLogIn(party, store.passkeys(user.name()), "discouraged", challenge));
        } else {
            String ticket = AccessToken.newSecret(time);
            String challenge = challenges.issue(PasskeyChallenges.toLogIn(ticket));
            answer.put(TICKET, ticket);
            answer.set("publicKey", PasskeyOptions.toLogIn(party, List.of(), "required", challenge));
        }
        JsonResponseWriter.write(request, answer);
    }

    private static String checked(BodyFields fields, String ticket) {
        if (ticket.isEmpty() || ticket.length() > SecondFactors.MAX_TICKET) {
            throw fields.invalid(
                    TICKET,
                    TICKET + " has " + ticket.length() + " characters, expected 1.." + SecondFactors.MAX_TICKET);
        }
        return ticket;
    }

    private void finish(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        Set<String> known = new HashSet<>(PasskeyAnswer.FIELDS);
        known.add(TICKET);
        fields.rejectUnknown(known);
        String ticket = checked(fields, fields.requiredText(TICKET));
        PasskeyAnswer answer = PasskeyAnswer.read(fields);
        RelyingParty party = RelyingParty.of(origins, request);
        // The password was shown before: that somebody touches the passkey is enough then.
        Optional<User> holder = factors.holder(ticket);
        starter.logIn(
                request,
                answers.check(
                        request,
                        answer,
                        party,
                        new PasskeyAnswers.Expected(PasskeyChallenges.toLogIn(ticket), holder, holder.isEmpty())));
    }
}
