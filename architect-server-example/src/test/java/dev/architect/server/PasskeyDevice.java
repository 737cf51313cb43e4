package dev.architect.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A browser with an authenticator that has one passkey: it does what the standard says, with a real key, unless it is told to do otherwise. What
 * it answers is the body of a request.
 */
final class PasskeyDevice {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int COORDINATE = 32;
    private static final int USER_PRESENT = 1;
    private static final int USER_VERIFIED = 1 << 2;
    private static final int BACKUP_ELIGIBLE = 1 << 3;
    private static final int BACKED_UP = 1 << 4;
    private static final int HAS_CREDENTIAL = 1 << 6;

    /** The page that the browser is on. */
    String origin = ServerFixture.ORIGIN;

    /** The name whose passkeys the authenticator takes; null for the one that it is asked for. */
    @Nullable
    String relyingParty;

    boolean verifiesUser = true;
    boolean tellsUser = true;
    boolean isBackupEligible;
    boolean isBackedUp;

    /** How often it has signed; what is not counted stays at 0. */
    long signCount = 1;

    byte[] id = ByteBuffer.allocate(20)
            .putLong(System.nanoTime())
            .putInt(NUMBER.incrementAndGet())
            .array();
    private byte[] userHandle = {};
    private final KeyPair keys;

    PasskeyDevice() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The id of the passkey, as servers know it. */
    String passkey() {
        return base64Url(id);
    }

    /** Keeps another user in mind. */
    void forUser(byte[] handle) {
        userHandle = handle.clone();
    }

    /** Makes the passkey that these options ask for; returns what {@code POST /api/me/passkeys} takes. */
    ObjectNode make(JsonNode options, String name) {
        JsonNode publicKey = options.get("publicKey");
        userHandle = Base64.getUrlDecoder().decode(publicKey.at("/user/id").textValue());
        byte[] data = join(
                authenticatorData(publicKey.at("/rp/id").textValue(), HAS_CREDENTIAL),
                new byte[16],
                ByteBuffer.allocate(2).putShort((short) id.length).array(),
                id,
                coseKey());
        ObjectNode body = JSON.createObjectNode()
                .put("name", name)
                .put("clientDataJSON", base64Url(clientData("webauthn.create", publicKey)))
                .put("attestationObject", base64Url(attestation(data)));
        body.putArray("transports").add("internal").add("hybrid");
        return body;
    }

    /** Signs what these options ask for; returns what {@code POST /api/login/passkey} takes, or without a ticket {@code POST /api/reauthenticate/passkey}. */
    ObjectNode sign(JsonNode options) {
        JsonNode publicKey = options.get("publicKey");
        signCount += signCount == 0 ? 0 : 1;
        byte[] data = authenticatorData(publicKey.get("rpId").textValue(), 0);
        byte[] client = clientData("webauthn.get", publicKey);
        ObjectNode body = JSON.createObjectNode();
        if (options.has("ticket")) {
            body.set("ticket", options.get("ticket"));
        }
        body.put("id", passkey())
                .put("clientDataJSON", base64Url(client))
                .put("authenticatorData", base64Url(data))
                .put("signature", base64Url(signature(join(data, sha256(client)))));
        if (tellsUser) {
            body.put("userHandle", base64Url(userHandle));
        }
        return body;
    }

    private byte[] clientData(String type, JsonNode publicKey) {
        return JSON.createObjectNode()
                .put("type", type)
                .put("challenge", publicKey.get("challenge").textValue())
                .put("origin", origin)
                .put("crossOrigin", false)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] authenticatorData(String asked, int more) {
        int flags = USER_PRESENT
                | more
                | (verifiesUser ? USER_VERIFIED : 0)
                | (isBackupEligible ? BACKUP_ELIGIBLE : 0)
                | (isBackedUp ? BACKED_UP : 0);
        String name = relyingParty == null ? asked : relyingParty;
        return ByteBuffer.allocate(37)
                .put(sha256(name.getBytes(StandardCharsets.UTF_8)))
                .put((byte) flags)
                .putInt((int) signCount)
                .array();
    }

    /** In CBOR: a map of the type (EC2), the algorithm (ES256), the curve (P-256) and the coordinates. */
    private byte[] coseKey() {
        ECPublicKey key = (ECPublicKey) keys.getPublic();
        return join(
                new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, COORDINATE},
                coordinate(key.getW().getAffineX()),
                new byte[] {0x22, 0x58, COORDINATE},
                coordinate(key.getW().getAffineY()));
    }

    private static byte[] coordinate(BigInteger number) {
        byte[] signed = number.toByteArray();
        byte[] fixed = new byte[COORDINATE];
        int length = Math.min(COORDINATE, signed.length);
        System.arraycopy(signed, signed.length - length, fixed, COORDINATE - length, length);
        return fixed;
    }

    /** In CBOR: a map of the format, an empty statement and the data. */
    private static byte[] attestation(byte[] data) {
        return join(
                new byte[] {(byte) 0xa3},
                text("fmt"),
                text("none"),
                text("attStmt"),
                new byte[] {(byte) 0xa0},
                text("authData"),
                new byte[] {0x59, (byte) (data.length >> 8), (byte) data.length},
                data);
    }

    private static byte[] text(String text) {
        return join(new byte[] {(byte) (0x60 + text.length())}, text.getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] signature(byte[] signed) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(signed);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
