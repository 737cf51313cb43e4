package dev.architect.server.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticationRequest;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.RegistrationRequest;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import dev.architect.access.Passkey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks the answers of passkeys by the steps of the standard (level 3, sections 7.1 and 7.2), but for those that need the store. No statement
 * of an authenticator's maker is asked for or believed: what counts is that the same key signs again. Safe for use by several threads.
 */
final class PasskeyVerifier {

    /** A counter that does not go up: the word of such a refusal. */
    static final String COPIED = "malicious-counter-value";

    /** The algorithms that passkeys may sign with, the preferred ones first. */
    static final List<PublicKeyCredentialParameters> ALGORITHMS = List.of(
            signing(COSEAlgorithmIdentifier.ES256),
            signing(COSEAlgorithmIdentifier.EdDSA),
            signing(COSEAlgorithmIdentifier.RS256));

    /** Before the id and the key, as an authenticator sends them: which model it is, and how long the id is. */
    private static final int MODEL_BYTES = 16;

    /** The library, once the first passkey is used: it loads 800 classes, which a server without passkeys has no need of. */
    private static final class Standard {

        static final WebAuthnManager MANAGER;
        static final AttestedCredentialDataConverter CREDENTIALS;

        static {
            ObjectConverter converter = new ObjectConverter();
            MANAGER = WebAuthnManager.createNonStrictWebAuthnManager(converter);
            CREDENTIALS = new AttestedCredentialDataConverter(converter);
        }

        private Standard() {}
    }

    /**
     * An answer that was read, and of which nothing is checked.
     *
     * @param data what the library has read
     * @param challenge what the answer says that it was asked to sign
     */
    record Unchecked<T>(T data, String challenge) {}

    /** A passkey that was made, as far as its authenticator tells of it. */
    record Made(String id, String publicKey, Set<String> transports, boolean isBackupEligible, Passkey.Use use) {}

    /** What a right signature has told. */
    record Signed(long signCount, boolean isUserVerified, boolean isBackedUp) {}

    private static PublicKeyCredentialParameters signing(COSEAlgorithmIdentifier algorithm) {
        return new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm);
    }

    /** Reads the answer to the wish for a new passkey. */
    Unchecked<RegistrationData> read(RegistrationRequest answer) {
        return unchecked(() -> {
            RegistrationData data = Standard.MANAGER.parse(answer);
            return new Unchecked<>(data, challenge(data.getCollectedClientData()));
        });
    }

    /** Reads the answer to the wish for a signature. */
    Unchecked<AuthenticationData> read(AuthenticationRequest answer) {
        return unchecked(() -> {
            AuthenticationData data = Standard.MANAGER.parse(answer);
            return new Unchecked<>(data, challenge(data.getCollectedClientData()));
        });
    }

    /** The library throws whatever comes up in reading what somebody has made up. */
    private static <T> T unchecked(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RuntimeException unreadable) {
            throw new PasskeyRefusal("unreadable");
        }
    }

    private static String challenge(@Nullable CollectedClientData client) {
        return Base64Url.encode(Objects.requireNonNull(client).getChallenge().getValue());
    }

    /** Returns the passkey that was made for this server. */
    Made check(Unchecked<RegistrationData> answer, RelyingParty party) {
        return checked(() -> {
            Standard.MANAGER.verify(
                    answer.data(),
                    new RegistrationParameters(server(party, answer.challenge()), ALGORITHMS, false, true));
            AuthenticatorData<?> authenticator =
                    Objects.requireNonNull(answer.data().getAttestationObject()).getAuthenticatorData();
            AttestedCredentialData made = Objects.requireNonNull(authenticator.getAttestedCredentialData());
            byte[] id = made.getCredentialId();
            byte[] whole = Standard.CREDENTIALS.convert(made);
            Set<String> transports = Set.copyOf(names(answer.data()));
            return new Made(
                    Base64Url.encode(id),
                    Base64Url.encode(Arrays.copyOfRange(whole, MODEL_BYTES + Short.BYTES + id.length, whole.length)),
                    transports,
                    authenticator.isFlagBE(),
                    new Passkey.Use(authenticator.getSignCount(), authenticator.isFlagBS(), Optional.empty()));
        });
    }

    private static List<String> names(RegistrationData data) {
        return data.getTransports() == null
                ? List.of()
                : data.getTransports().stream()
                        .map(transport -> transport.getValue())
                        .toList();
    }

    /** Returns what a signature has told that this passkey has made for this server. */
    Signed check(Unchecked<AuthenticationData> answer, RelyingParty party, Passkey passkey) {
        return checked(() -> {
            CredentialRecordImpl record = new CredentialRecordImpl(
                    null,
                    null,
                    passkey.isBackupEligible(),
                    passkey.use().isBackedUp(),
                    passkey.use().signCount(),
                    credential(passkey),
                    null,
                    null,
                    null,
                    null);
            Standard.MANAGER.verify(
                    answer.data(),
                    new AuthenticationParameters(server(party, answer.challenge()), record, null, false, true));
            AuthenticatorData<?> authenticator =
                    Objects.requireNonNull(answer.data().getAuthenticatorData());
            return new Signed(authenticator.getSignCount(), authenticator.isFlagUV(), authenticator.isFlagBS());
        });
    }

    private AttestedCredentialData credential(Passkey passkey) {
        byte[] id = Base64Url.decode(passkey.id());
        byte[] key = Base64Url.decode(passkey.publicKey());
        return Standard.CREDENTIALS.convert(ByteBuffer.allocate(MODEL_BYTES + Short.BYTES + id.length + key.length)
                .put(new byte[MODEL_BYTES])
                .putShort((short) id.length)
                .put(id)
                .put(key)
                .array());
    }

    private static ServerProperty server(RelyingParty party, String challenge) {
        return ServerProperty.builder()
                .origin(new Origin(party.origin()))
                .rpId(party.id())
                .challenge(new DefaultChallenge(Base64Url.decode(challenge)))
                .build();
    }

    /** The library has a type of its own for each step that fails, and anything may come up behind it. */
    private static <T> T checked(Supplier<T> checking) {
        try {
            return checking.get();
        } catch (RuntimeException failure) {
            throw new PasskeyRefusal(failure.getClass()
                    .getSimpleName()
                    .replaceFirst("Exception$", "")
                    .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                    .toLowerCase(Locale.ROOT));
        }
    }
}
