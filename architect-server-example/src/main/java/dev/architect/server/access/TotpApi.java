package dev.architect.server.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.access.AccessStore;
import dev.architect.access.RecoveryCodes;
import dev.architect.access.SecondFactor;
import dev.architect.access.Totp;
import dev.architect.access.User;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The resource {@code /api/me/totp}: a user sets up an authenticator app, confirms it by a first code, and gets recovery codes, once. All of it
 * needs a fresh login.
 */
public final class TotpApi {

    private static final String PATH = "/api/me/totp";
    private static final String CODE = "code";
    private static final String ISSUER = "Architect";
    private static final Permission FRESH = Permission.write("self");

    private final AccessStore store;
    private final LoginSessions loginSessions;
    private final ProxyTrust proxies;
    private final SecurityLog log;
    private final TimeSource time;

    /** Creates the resource. */
    public TotpApi(
            AccessStore store, LoginSessions loginSessions, ProxyTrust proxies, SecurityLog log, TimeSource time) {
        this.store = store;
        this.loginSessions = loginSessions;
        this.proxies = proxies;
        this.log = log;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("beginTotp", PATH, FRESH, this::begin)
                        .summary("Begins to set up an authenticator app, in place of one that was not confirmed.")
                        .answer(
                                200,
                                "What the app needs, once.",
                                Schema.object()
                                        .required("secret", Schema.text().described("In Base 32, to type."))
                                        .required("uri", Schema.text().described("What the picture says."))
                                        .required("svg", Schema.text().described("A QR code, as SVG."))
                                        .open())
                        .refuses(403, "fresh-login-needed")
                        .refuses(409, "no-login", "second-factor-set"),
                Operation.post("confirmTotp", PATH + "/confirm", FRESH, this::confirm)
                        .summary("Confirms the app by the code that it shows: logins ask for one from now on.")
                        .body(Schema.object()
                                .required(CODE, Schema.text(1, SecondFactors.MAX_CODE))
                                .closed())
                        .answer(
                                200,
                                "Codes that take the place of the app, each once; they are shown here and nowhere else.",
                                Schema.object()
                                        .required("recoveryCodes", Schema.list(Schema.text()))
                                        .open())
                        .refuses(401, "wrong-second-factor")
                        .refuses(403, "fresh-login-needed")
                        .refuses(409, "no-login", "no-second-factor"),
                Operation.delete("deleteTotp", PATH, FRESH, this::remove)
                        .summary("Removes the app: logins ask for the password alone.")
                        .answer(204, "It is removed, and the user's other logins have ended.")
                        .refuses(403, "fresh-login-needed")
                        .refuses(404, "not-found")
                        .refuses(409, "no-login"));
    }

    private static User user(LoginSession login) {
        return login.user().orElseThrow(ApiException::unauthorized);
    }

    private void begin(Context request) {
        User user = user(AccessFilter.principal(request).userLogin());
        byte[] secret = Totp.newSecret(time::random);
        if (!store.beginSecondFactor(SecondFactor.begin(user.name(), secret, time.wallTime()))) {
            throw new ApiException(
                    409,
                    "second-factor-set",
                    "the user has an authenticator app, expected none: remove it before another is set up",
                    null,
                    null);
        }
        String text = Totp.base32(secret);
        // The key URI format of authenticator apps; a name has no character that would need escaping but the @.
        String uri = "otpauth://totp/" + ISSUER + ":" + user.name().replace("@", "%40") + "?secret=" + text + "&issuer="
                + ISSUER;
        JsonResponseWriter.write(
                request,
                JsonResponseWriter.object().put("secret", text).put("uri", uri).put("svg", QrPicture.svg(uri)));
    }

    private void confirm(Context request) {
        LoginSession login = AccessFilter.principal(request).userLogin();
        User user = user(login);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(CODE));
        String code = fields.requiredText(CODE);
        if (code.isEmpty() || code.length() > SecondFactors.MAX_CODE) {
            throw fields.invalid(
                    CODE, CODE + " has " + code.length() + " characters, expected 1.." + SecondFactors.MAX_CODE);
        }
        SecondFactor begun = store.secondFactor(user.name())
                .filter(factor -> !factor.isConfirmed())
                .orElseThrow(TotpApi::notBegun);
        OptionalLong step = Totp.find(begun.secretBytes(), SecondFactors.withoutBlanks(code), time.wallTime());
        if (step.isEmpty()) {
            throw SecondFactors.wrong();
        }
        List<String> codes = RecoveryCodes.create(time::random);
        Set<String> digests = codes.stream().map(RecoveryCodes::digest).collect(Collectors.toSet());
        if (!store.confirmSecondFactor(begun.confirmed(time.wallTime(), step.getAsLong(), digests))) {
            throw notBegun();
        }
        loginSessions.endAll(user.name(), Optional.of(login.id()));
        log.record("second-factor-set", "client", proxies.clientAddress(request), "user", user.name());
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode shown = answer.putArray("recoveryCodes");
        codes.forEach(shown::add);
        JsonResponseWriter.write(request, answer);
    }

    private static ApiException notBegun() {
        return new ApiException(
                409,
                "no-second-factor",
                "no authenticator app waits to be confirmed, expected POST " + PATH + " before this",
                null,
                null);
    }

    private void remove(Context request) {
        LoginSession login = AccessFilter.principal(request).userLogin();
        User user = user(login);
        if (!store.removeSecondFactor(user.name())) {
            throw ApiException.notFound("there is no authenticator app of yours, expected one");
        }
        loginSessions.endAll(user.name(), Optional.of(login.id()));
        log.record("second-factor-removed", "client", proxies.clientAddress(request), "user", user.name());
        request.status(204);
    }
}
