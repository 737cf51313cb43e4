package dev.architect.server.access;

import dev.architect.access.AccessStore;
import dev.architect.access.RecoveryCodes;
import dev.architect.access.SecondFactor;
import dev.architect.access.Totp;
import dev.architect.access.User;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.rest.ApiException;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The second step of a login: a ticket that says whose password was right, and the code of the user's authenticator app or a recovery code. A
 * ticket is signed by what only the store knows of the user, so that any node takes it, and none after the password or the app was changed. Safe
 * for use by several threads.
 */
public final class SecondFactors {

    /** How long a ticket is valid. */
    static final Duration VALIDITY = Duration.ofMinutes(5);

    /** The most characters of a code, as somebody types it. */
    static final int MAX_CODE = 64;

    /** The most characters of a ticket. */
    public static final int MAX_TICKET = 200;

    private static final Pattern TICKET = Pattern.compile("([a-z0-9._@-]{1,64})\\|(\\d{1,18})\\|([0-9a-f]{64})");

    private final AccessStore store;
    private final LoginLimits limits;
    private final ProxyTrust proxies;
    private final SecurityLog log;
    private final TimeSource time;

    /** Creates the second step. */
    public SecondFactors(AccessStore store, LoginLimits limits, ProxyTrust proxies, SecurityLog log, TimeSource time) {
        this.store = store;
        this.limits = limits;
        this.proxies = proxies;
        this.log = log;
        this.time = time;
    }

    /** Returns what a login of the user needs beside the password. */
    Optional<SecondFactor> needed(User user) {
        return store.secondFactor(user.name()).filter(SecondFactor::isConfirmed);
    }

    /** Returns a ticket for whoever has shown the password of this user. */
    String ticket(User user, SecondFactor factor) {
        String text = user.name() + "|" + time.wallTime().plus(VALIDITY).toEpochMilli();
        return text + "|" + signature(text, user, factor);
    }

    private static String signature(String text, User user, SecondFactor factor) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = (user.passwordHash() + "|" + factor.secret()).getBytes(StandardCharsets.UTF_8);
            mac.init(new SecretKeySpec(key, "RAW"));
            return HexFormat.of().formatHex(mac.doFinal(("login ticket|" + text).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("HmacSHA256 is missing, expected it in every JDK", impossible);
        }
    }

    /** Returns whose ticket this is; empty when it is too old, or of nobody. */
    public Optional<User> holder(String ticket) {
        Matcher parts = TICKET.matcher(ticket);
        if (!parts.matches()
                || Instant.ofEpochMilli(Long.parseLong(parts.group(2))).isBefore(time.wallTime())) {
            return Optional.empty();
        }
        String signed = ticket.substring(0, parts.end(2));
        return store.user(parts.group(1))
                .filter(User::isActive)
                .filter(user -> needed(user)
                        .filter(factor -> isEqual(signature(signed, user, factor), parts.group(3)))
                        .isPresent());
    }

    private static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Returns when the code is right, which it is once; counts what fails.
     *
     * @throws ApiException 401 when it is wrong or was used before, 429 when too many were wrong
     */
    void check(Context request, User user, SecondFactor factor, String code) {
        String client = proxies.clientAddress(request);
        Duration wait = limits.beginCode(user.name());
        if (!wait.isZero()) {
            log.refuse(
                    "code-while-locked",
                    client,
                    "user",
                    user.name(),
                    "waitSeconds",
                    wait.plusMillis(999).toSeconds());
            throw new ApiException(429, "too-many-logins", "too many wrong codes, try again later", null, wait);
        }
        if (isRight(user, factor, code)) {
            limits.recordRightCode(user.name());
            return;
        }
        log.refuse("login-refused", client, "reason", "wrong-second-factor", "user", user.name());
        throw wrong();
    }

    private boolean isRight(User user, SecondFactor factor, String code) {
        OptionalLong step = Totp.find(factor.secretBytes(), withoutBlanks(code), time.wallTime());
        return step.isPresent()
                ? store.useStep(user.name(), step.getAsLong())
                : store.useRecoveryCode(user.name(), RecoveryCodes.digest(code));
    }

    /** Apps show the digits in two groups. */
    static String withoutBlanks(String code) {
        return code.replace(" ", "");
    }

    static ApiException wrong() {
        return new ApiException(
                401,
                "wrong-second-factor",
                "the code is wrong or was used before, expected the one that the app shows now, or a recovery code",
                "code",
                null);
    }
}
