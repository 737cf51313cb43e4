package dev.architect.server.passkey;

import com.webauthn4j.data.AuthenticationData;
import dev.architect.access.AccessStore;
import dev.architect.access.Passkey;
import dev.architect.access.User;
import dev.architect.audit.AuditOutcome;
import dev.architect.audit.AuditRecord;
import dev.architect.server.access.LoginLimits;
import dev.architect.server.access.SecurityLog;
import dev.architect.server.audit.AuditLog;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.passkey.PasskeyVerifier.Signed;
import dev.architect.server.passkey.PasskeyVerifier.Unchecked;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.RequestNumber;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;

/**
 * Checks what passkeys have signed, within the limits of logins, and keeps how often each has signed. Whatever is wrong with an answer is told to
 * the log alone. Safe for use by several threads.
 */
final class PasskeyAnswers {

    private final AccessStore store;
    private final PasskeyChallenges challenges;
    private final PasskeyVerifier verifier = new PasskeyVerifier();
    private final LoginLimits limits;
    private final ProxyTrust proxies;
    private final AuditLog audit;
    private final SecurityLog log;
    private final TimeSource time;

    PasskeyAnswers(
            AccessStore store,
            PasskeyChallenges challenges,
            LoginLimits limits,
            ProxyTrust proxies,
            AuditLog audit,
            SecurityLog log,
            TimeSource time) {
        this.store = store;
        this.challenges = challenges;
        this.limits = limits;
        this.proxies = proxies;
        this.audit = audit;
        this.log = log;
        this.time = time;
    }

    /**
     * Who should have answered.
     *
     * @param purpose of the challenge
     * @param holder who it must be; empty when the passkey alone tells it
     * @param needsVerification whether the passkey must have verified who holds it
     */
    record Expected(String purpose, Optional<User> holder, boolean needsVerification) {}

    /**
     * Counts that an address begins.
     *
     * @throws ApiException 429 when it has begun too often
     */
    void begin(Context request) {
        limit(request, limits.beginPasskey(proxies.limitKey(request)));
    }

    /**
     * Returns who has answered; takes the challenge, whether the rest is right or not.
     *
     * @throws ApiException 401 when the answer is wrong, or the passkey has not verified its user, 429 when too many were wrong
     */
    User check(Context request, PasskeyAnswer answer, RelyingParty party, Expected expected) {
        String client = proxies.limitKey(request);
        limit(request, limits.passkeyRetryAfter(client));
        User user;
        try {
            user = checked(request, answer, party, expected);
        } catch (PasskeyRefusal refusal) {
            limits.recordWrongPasskey(client);
            log.refuse("login-refused", proxies.clientAddress(request), "reason", "passkey-" + refusal.reason());
            throw wrong();
        }
        limits.recordSuccess(user.name(), client);
        return user;
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

    private User checked(Context request, PasskeyAnswer answer, RelyingParty party, Expected expected) {
        Unchecked<AuthenticationData> read = verifier.read(answer.signed());
        challenges.take(read.challenge(), expected.purpose());
        Passkey passkey = store.passkey(answer.id()).orElseThrow(() -> new PasskeyRefusal("unknown"));
        User user =
                store.user(passkey.user()).filter(User::isActive).orElseThrow(() -> new PasskeyRefusal("of-nobody"));
        checkOwner(answer, user, expected.holder());
        Signed signed = signed(request, read, party, passkey);
        if (expected.needsVerification() && !signed.isUserVerified()) {
            throw new ApiException(
                    401,
                    "password-needed",
                    "the passkey has not verified who holds it, expected the password",
                    null,
                    null);
        }
        Passkey.Use use = new Passkey.Use(signed.signCount(), signed.isBackedUp(), Optional.of(time.wallTime()));
        if (!store.usePasskey(passkey.id(), use)) {
            throw copied(request, passkey);
        }
        return user;
    }

    /** Whose passkey it is, by the store, must be who the authenticator and the login say. */
    private static void checkOwner(PasskeyAnswer answer, User user, Optional<User> holder) {
        boolean isOfHolder =
                holder.map(known -> known.name().equals(user.name())).orElse(true);
        // An authenticator without room for names tells none; then the login has told it.
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
