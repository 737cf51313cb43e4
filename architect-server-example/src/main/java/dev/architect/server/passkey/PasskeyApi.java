package dev.architect.server.passkey;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationRequest;
import dev.architect.access.AccessStore;
import dev.architect.access.Passkey;
import dev.architect.access.User;
import dev.architect.error.CapacityException;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.LoginSession;
import dev.architect.server.access.LoginSessions;
import dev.architect.server.access.SecurityLog;
import dev.architect.server.audit.AuditLog;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.network.SiteOrigins;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.passkey.PasskeyVerifier.Made;
import dev.architect.server.passkey.PasskeyVerifier.Unchecked;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The resource {@code /api/me/passkeys}: a user adds passkeys, which needs a fresh login, sees and removes them. Whoever may write users removes
 * those of others.
 */
public final class PasskeyApi {

    private static final String PATH = "/api/me/passkeys";
    private static final String NAME = "name";
    private static final String CLIENT_DATA = "clientDataJSON";
    private static final String ATTESTATION = "attestationObject";
    private static final String TRANSPORTS = "transports";
    private static final int MAX_CLIENT_DATA = 8_192;
    private static final int MAX_ATTESTATION = 65_536;
    private static final Permission FRESH = Permission.write("self");
    private static final Schema PASSKEY = Schema.object()
            .required("id", Schema.text().described("The id of the credential, in base64url."))
            .required(NAME, Schema.text())
            .required(TRANSPORTS, Schema.list(Schema.text()))
            .required("backupEligible", Schema.truth().described("Whether it may be copied to other devices."))
            .required("backedUp", Schema.truth())
            .required("createdAt", Schema.instant())
            .optional("lastUsedAt", Schema.instant())
            .open()
            .named("Passkey");

    private final AccessStore store;
    private final PasskeyChallenges challenges;
    private final PasskeyVerifier verifier = new PasskeyVerifier();
    private final LoginSessions loginSessions;
    private final SiteOrigins origins;
    private final ProxyTrust proxies;
    private final SecurityLog log;
    private final TimeSource time;

    /** Creates the resource. */
    public PasskeyApi(
            AccessStore store,
            LoginSessions loginSessions,
            SiteOrigins origins,
            ProxyTrust proxies,
            SecurityLog log,
            TimeSource time) {
        this.store = store;
        this.challenges = new PasskeyChallenges(store, time);
        this.loginSessions = loginSessions;
        this.origins = origins;
        this.proxies = proxies;
        this.log = log;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listPasskeys", PATH, Permission.read("self"), this::list)
                        .summary("Lists the passkeys of the caller.")
                        .answer(
                                200,
                                "All of them, the oldest first.",
                                Schema.object()
                                        .required("passkeys", Schema.list(PASSKEY))
                                        .open())
                        .refuses(409, "no-login"),
                Operation.post("beginPasskey", PATH + "/options", FRESH, this::begin)
                        .summary("Begins to add a passkey, in place of one that was begun before by this login.")
                        .answer(
                                200,
                                "What navigator.credentials.create takes, with bytes in base64url.",
                                Schema.object()
                                        .required("publicKey", Schema.map(Schema.any()))
                                        .open())
                        .refuses(403, "fresh-login-needed")
                        .refuses(409, "no-login", "passkeys-unavailable", "too-many")
                        .refuses(503, "busy"),
                Operation.post("createPasskey", PATH, FRESH, this::create)
                        .summary("Adds the passkey that an authenticator has made.")
                        .body(Schema.object()
                                .required(NAME, Schema.text(1, Passkey.MAX_NAME))
                                .required(CLIENT_DATA, Schema.text(1, MAX_CLIENT_DATA))
                                .required(ATTESTATION, Schema.text(1, MAX_ATTESTATION))
                                .optional(
                                        TRANSPORTS,
                                        Schema.list(Schema.text(1, Passkey.MAX_TRANSPORT), 0, Passkey.MOST_TRANSPORTS))
                                .closed())
                        .creating()
                        .answer(201, "The passkey.", PASSKEY)
                        .refuses(401, "wrong-passkey")
                        .refuses(403, "fresh-login-needed")
                        .refuses(409, "no-login", "passkeys-unavailable", "too-many", "passkey-known"),
                Operation.delete("deletePasskey", PATH + "/{id}", FRESH, this::remove)
                        .summary("Removes a passkey of the caller.")
                        .answer(204, "It is removed, and the user's other logins have ended.")
                        .refuses(403, "fresh-login-needed")
                        .refuses(404, "not-found")
                        .refuses(409, "no-login"),
                Operation.delete(
                                "deleteUserPasskeys",
                                "/api/users/{name}/passkeys",
                                Permission.write("users"),
                                this::removeOfUser)
                        .summary("Removes all passkeys of a user, and ends the user's logins.")
                        .answer(204, "They are removed.")
                        .refuses(404, "not-found"));
    }

    private static User user(LoginSession login) {
        return login.user().orElseThrow(ApiException::unauthorized);
    }

    private void list(Context request) {
        User user = user(AccessFilter.principal(request).userLogin());
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode all = answer.putArray("passkeys");
        store.passkeys(user.name()).forEach(passkey -> all.add(json(passkey)));
        JsonResponseWriter.write(request, answer);
    }

    private void begin(Context request) {
        LoginSession login = AccessFilter.principal(request).userLogin();
        // As it is in the store: its time of creation is a part of what authenticators keep.
        User user = store.user(user(login).name()).orElseThrow(ApiException::unauthorized);
        RelyingParty party = RelyingParty.of(origins, request);
        List<Passkey> known = store.passkeys(user.name());
        if (known.size() >= AccessStore.MOST_PASSKEYS) {
            throw tooMany();
        }
        String challenge = challenges.issue(PasskeyChallenges.toAdd(login.id()));
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("publicKey", PasskeyOptions.toAdd(party, user, known, challenge));
        JsonResponseWriter.write(request, answer);
    }

    private static ApiException tooMany() {
        return new ApiException(
                409,
                "too-many",
                "the user has " + AccessStore.MOST_PASSKEYS
                        + " passkeys, expected fewer: remove one before another is added",
                null,
                null);
    }

    private void create(Context request) {
        LoginSession login = AccessFilter.principal(request).userLogin();
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(NAME, CLIENT_DATA, ATTESTATION, TRANSPORTS));
        String name = fields.checked(NAME, () -> Passkey.checkName(fields.requiredText(NAME)));
        byte[] clientData = Base64Url.required(fields, CLIENT_DATA, MAX_CLIENT_DATA);
        byte[] attestation = Base64Url.required(fields, ATTESTATION, MAX_ATTESTATION);
        Set<String> transports = transports(fields);
        AuditLog.about(request, name);
        RelyingParty party = RelyingParty.of(origins, request);
        Passkey passkey = passkey(
                user(login),
                name,
                made(request, login, party, new RegistrationRequest(attestation, clientData, transports)));
        Creations.respond(
                request,
                Passkey.class,
                () -> add(passkey),
                added -> Creations.at(PATH + "/" + added.id(), json(added)));
        log.record("passkey-added", "client", proxies.clientAddress(request), "user", passkey.user());
    }

    private static Set<String> transports(BodyFields fields) {
        List<String> all = fields.texts(TRANSPORTS);
        if (all.size() > Passkey.MOST_TRANSPORTS) {
            throw fields.invalid(
                    TRANSPORTS,
                    TRANSPORTS + " has " + all.size() + " elements, expected at most " + Passkey.MOST_TRANSPORTS);
        }
        for (int i = 0; i < all.size(); i++) {
            int length = all.get(i).length();
            if (length < 1 || length > Passkey.MAX_TRANSPORT) {
                String place = TRANSPORTS + "[" + i + "]";
                throw fields.invalid(
                        place, place + " has " + length + " characters, expected 1.." + Passkey.MAX_TRANSPORT);
            }
        }
        return new HashSet<>(all);
    }

    private Made made(Context request, LoginSession login, RelyingParty party, RegistrationRequest answer) {
        try {
            Unchecked<RegistrationData> read = verifier.read(answer);
            challenges.take(read.challenge(), PasskeyChallenges.toAdd(login.id()));
            return verifier.check(read, party);
        } catch (PasskeyRefusal refusal) {
            log.refuse(
                    "passkey-refused",
                    proxies.clientAddress(request),
                    "reason",
                    refusal.reason(),
                    "user",
                    user(login).name());
            throw PasskeyAnswers.wrong();
        }
    }

    private Passkey passkey(User user, String name, Made made) {
        return new Passkey(
                made.id(),
                user.name(),
                name,
                made.publicKey(),
                made.transports(),
                made.isBackupEligible(),
                // As stores keep it: the answer is what a list shows later.
                time.wallTime().truncatedTo(ChronoUnit.MICROS),
                made.use());
    }

    private Passkey add(Passkey passkey) {
        try {
            if (store.addPasskey(passkey)) {
                return passkey;
            }
        } catch (CapacityException full) {
            throw tooMany();
        }
        throw new ApiException(
                409, "passkey-known", "the passkey is known here already, expected another authenticator", null, null);
    }

    private void remove(Context request) {
        LoginSession login = AccessFilter.principal(request).userLogin();
        User user = user(login);
        String id = request.pathParam("id");
        Optional<Passkey> known =
                store.passkey(id).filter(passkey -> passkey.user().equals(user.name()));
        known.ifPresent(passkey -> AuditLog.about(request, passkey.name()));
        if (known.isEmpty() || !store.removePasskey(user.name(), id)) {
            throw ApiException.notFound("there is no such passkey of yours, expected the id of one");
        }
        loginSessions.endAll(user.name(), Optional.of(login.id()));
        log.record("passkey-removed", "client", proxies.clientAddress(request), "user", user.name());
        request.status(204);
    }

    private void removeOfUser(Context request) {
        String name = request.pathParam(NAME);
        if (store.removePasskeys(name) == 0) {
            throw ApiException.notFound("'" + BodyFields.shorten(name) + "' has no passkey, expected a user with one");
        }
        loginSessions.endAll(name, Optional.empty());
        log.record("passkey-removed", "client", proxies.clientAddress(request), "user", name);
        request.status(204);
    }

    private static ObjectNode json(Passkey passkey) {
        ObjectNode json = JsonResponseWriter.object().put("id", passkey.id()).put(NAME, passkey.name());
        ArrayNode transports = json.putArray(TRANSPORTS);
        new TreeSet<>(passkey.transports()).forEach(transports::add);
        json.put("backupEligible", passkey.isBackupEligible())
                .put("backedUp", passkey.use().isBackedUp())
                .put("createdAt", passkey.createdAt().toString());
        passkey.use().lastUsed().ifPresent(used -> json.put("lastUsedAt", used.toString()));
        return json;
    }
}
