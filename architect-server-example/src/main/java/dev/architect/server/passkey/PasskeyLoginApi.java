package dev.architect.server.passkey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationRequest;
import dev.architect.access.AccessStore;
import dev.architect.access.Passkey;
import dev.architect.access.User;
import dev.architect.audit.AuditOutcome;
import dev.architect.audit.AuditRecord;
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
import dev.architect.server.passkey.PasskeyVerifier.Signed;
import dev.architect.server.passkey.PasskeyVerifier.Unchecked;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.RequestNumber;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.security.MessageDigest;
import java.time.Duration;
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
    private static final String ID = "id";
    private static final String CLIENT_DATA = "clientDataJSON";
    private static final String AUTHENTICATOR_DATA = "authenticatorData";
    private static final String SIGNATURE = "signature";
    private static final String USER_HANDLE = "userHandle";
    private static final int MAX_CLIENT_DATA = 2_048;
    private static final int MAX_AUTHENTICATOR_DATA = 2_048;
    private static final int MAX_SIGNATURE = 1_024;
    private static final int MAX_USER_HANDLE = 86;
    private static final Schema TICKET_FORM = Schema.text(1, SecondFactors.MAX_TICKET);

    private final AccessStore store;
    private final PasskeyChallenges challenges;
    private final PasskeyVerifier verifier = new PasskeyVerifier();
    private final SecondFactors factors;
    private final LoginStarter starter;
    private final LoginLimits limits;
    private final SiteOrigins origins;
    private final ProxyTrust proxies;
    private final AuditLog audit;
    private final SecurityLog log;
    private final TimeSource time;

    /**
     * An answer as it was sent.
     *
     * @param ticket of the login that it belongs to
     * @param id of the passkey
     * @param userHandle what the authenticator keeps of its user; empty when it told nothing
     * @param signed the rest
     */
    private record Answer(String ticket, String id, Optional<byte[]> userHandle, AuthenticationRequest signed) {}

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
        this.factors = factors;
        this.starter = starter;
        this.limits = limits;
        this.origins = origins;
        this.proxies = proxies;
        this.audit = audit;
        this.log = log;
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
                                .required(ID, Schema.text(1, Passkey.MAX_ID))
                                .required(CLIENT_DATA, Schema.text(1, MAX_CLIENT_DATA))
                                .required(AUTHENTICATOR_DATA, Schema.text(1, MAX_AUTHENTICATOR_DATA))
                                .required(SIGNATURE, Schema.text(1, MAX_SIGNATURE))
                                .optional(USER_HANDLE, Schema.text(1, MAX_USER_HANDLE))
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
        limit(request, limits.beginPasskey(proxies.limitKey(request)));
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

    private void limit(Context request, Duration wait) {
        if (wait.isZero()) {
            return;
        }
        log.refuse(
                "login-while-locked",
                proxies.clientAddress(request),
                "waitSeconds",
                wait.plusMillis(999).toSeconds());
        throw new ApiException(
                429, "too-many-logins", "too many logins by a passkey have not succeeded, try again later", null, wait);
    }

    private void finish(Context request) {
        Answer answer = read(request);
        RelyingParty party = RelyingParty.of(origins, request);
        String client = proxies.limitKey(request);
        limit(request, limits.passkeyRetryAfter(client));
        User user;
        try {
            user = check(request, answer, party);
        } catch (PasskeyRefusal refusal) {
            limits.recordWrongPasskey(client);
            log.refuse("login-refused", proxies.clientAddress(request), "reason", "passkey-" + refusal.reason());
            throw wrong();
        }
        limits.recordSuccess(user.name(), client);
        starter.logIn(request, user);
    }

    private static Answer read(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(TICKET, ID, CLIENT_DATA, AUTHENTICATOR_DATA, SIGNATURE, USER_HANDLE));
        String ticket = checked(fields, fields.requiredText(TICKET));
        byte[] id = Base64Url.required(fields, ID, Passkey.MAX_ID);
        byte[] clientData = Base64Url.required(fields, CLIENT_DATA, MAX_CLIENT_DATA);
        byte[] authenticatorData = Base64Url.required(fields, AUTHENTICATOR_DATA, MAX_AUTHENTICATOR_DATA);
        byte[] signature = Base64Url.required(fields, SIGNATURE, MAX_SIGNATURE);
        Optional<byte[]> userHandle = Base64Url.optional(fields, USER_HANDLE, MAX_USER_HANDLE);
        return new Answer(
                ticket,
                Base64Url.encode(id),
                userHandle,
                new AuthenticationRequest(id, authenticatorData, clientData, signature));
    }

    /** Returns who has answered; takes the challenge, whether the rest is right or not. */
    private User check(Context request, Answer answer, RelyingParty party) {
        Unchecked<AuthenticationData> read = verifier.read(answer.signed());
        challenges.take(read.challenge(), PasskeyChallenges.toLogIn(answer.ticket()));
        Passkey passkey = store.passkey(answer.id()).orElseThrow(() -> new PasskeyRefusal("unknown"));
        User user =
                store.user(passkey.user()).filter(User::isActive).orElseThrow(() -> new PasskeyRefusal("of-nobody"));
        Optional<User> holder = factors.holder(answer.ticket());
        checkOwner(answer, user, holder);
        Signed signed = signed(request, read, party, passkey);
        if (holder.isEmpty() && !signed.isUserVerified()) {
            throw new ApiException(
                    401,
                    "password-needed",
                    "the passkey has not verified who holds it, expected name and password before it",
                    null,
                    null);
        }
        Passkey.Use use = new Passkey.Use(signed.signCount(), signed.isBackedUp(), Optional.of(time.wallTime()));
        if (!store.usePasskey(passkey.id(), use)) {
            throw copied(request, passkey);
        }
        return user;
    }

    /** Whose passkey it is, by the store, must be who the authenticator and the ticket say. */
    private static void checkOwner(Answer answer, User user, Optional<User> holder) {
        boolean isOfHolder =
                holder.map(known -> known.name().equals(user.name())).orElse(true);
        // An authenticator without room for names tells none; then the password has told it.
        boolean isOfUser = answer.userHandle()
                .map(handle -> MessageDigest.isEqual(handle, PasskeyOptions.handle(user)))
                .orElse(holder.isPresent());
        if (!isOfHolder || !isOfUser) {
            throw new PasskeyRefusal("of-another");
        }
    }

    private Signed signed(Context request, Unchecked<AuthenticationData> read, RelyingParty party, Passkey passkey) {
        try {
            return verifier.check(read, party, passkey);
        } catch (PasskeyRefusal refusal) {
            throw refusal.reason().equals(PasskeyVerifier.COPIED) ? copied(request, passkey) : refusal;
        }
    }

    /** The signature was right, and the counter says that another one was made after it: the private half is in two places. */
    private PasskeyRefusal copied(Context request, Passkey passkey) {
        audit.record(new AuditRecord(
                time.wallTime(),
                "anonymous",
                "passkey.copied",
                passkey.user() + " " + passkey.name(),
                AuditOutcome.REFUSED,
                401,
                RequestNumber.of(request),
                proxies.clientAddress(request)));
        log.refuse("passkey-copied", proxies.clientAddress(request), "user", passkey.user());
        return new PasskeyRefusal(PasskeyVerifier.COPIED);
    }

    /** The same for everything that may be wrong. */
    static ApiException wrong() {
        return new ApiException(
                401,
                "wrong-passkey",
                "the passkey is not known here, or its answer is wrong, too old or was used before, expected a new answer",
                null,
                null);
    }
}
