package dev.architect.transport.jgroups;

import dev.architect.transport.jgroups.TransportStartException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificates of a member. All connections are TLS 1.3 and both sides show a certificate, so a member is whoever has a key that the
 * trust store of the others accepts: use a trust store with the certificates of this cluster alone, not one with public authorities. The
 * names in certificates are not compared with host names.
 *
 * <p>Immutable. The files are read when a transport is started.
 */
public final class TransportTls {

    private static final String TYPE = "PKCS12";

    private final Path keyStore;
    private final String keyStorePassword;
    private final Path trustStore;
    private final String trustStorePassword;

    private TransportTls(Path keyStore, String keyStorePassword, Path trustStore, String trustStorePassword) {
        this.keyStore = Arguments.notNull("keyStore", keyStore);
        this.keyStorePassword = Arguments.notNull("keyStorePassword", keyStorePassword);
        this.trustStore = Arguments.notNull("trustStore", trustStore);
        this.trustStorePassword = Arguments.notNull("trustStorePassword", trustStorePassword);
    }

    /**
     * Names the files.
     *
     * @param keyStore a PKCS#12 file with the private key and the certificate of this member
     * @param keyStorePassword of the file, and of the key in it
     * @param trustStore a PKCS#12 file with the certificates that members' certificates are signed by, or with these themselves
     */
    public static TransportTls of(Path keyStore, String keyStorePassword, Path trustStore, String trustStorePassword) {
        return new TransportTls(keyStore, keyStorePassword, trustStore, trustStorePassword);
    }

    /** Reads the files. */
    SSLContext load() {
        KeyStore keys = read(Problem.KEY_STORE, "key store", keyStore, keyStorePassword);
        KeyStore trusted = read(Problem.TRUST_STORE, "trust store", trustStore, trustStorePassword);
        requireEntry(keys, trusted);
        try {
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, keyStorePassword.toCharArray());
            TrustManagerFactory trustManagers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return context;
        } catch (UnrecoverableKeyException wrongPassword) {
            throw new TransportStartException(
                    Problem.KEY_STORE,
                    "key store " + keyStore + " has a key with another password, expected that of the store",
                    wrongPassword);
        } catch (GeneralSecurityException failure) {
            throw new TransportStartException(Problem.OTHER, "TLS cannot be set up: " + failure.getMessage(), failure);
        }
    }

    private static KeyStore read(Problem problem, String what, Path file, String password) {
        try (InputStream content = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(TYPE);
            store.load(content, password.toCharArray());
            return store;
        } catch (IOException failure) {
            String reason = failure.getCause() instanceof UnrecoverableKeyException
                    ? "does not open with the given password"
                    : "cannot be read (" + failure.getClass().getSimpleName() + "), expected a PKCS#12 file";
            throw new TransportStartException(problem, what + " " + file + " " + reason, failure);
        } catch (GeneralSecurityException failure) {
            throw new TransportStartException(
                    problem, what + " " + file + " cannot be used: " + failure.getMessage(), failure);
        }
    }

    private void requireEntry(KeyStore keys, KeyStore trusted) {
        try {
            boolean hasKey = false;
            for (String alias : Collections.list(keys.aliases())) {
                hasKey |= keys.isKeyEntry(alias);
            }
            if (!hasKey) {
                throw new TransportStartException(
                        Problem.KEY_STORE, "key store " + keyStore + " has no private key, expected one", null);
            }
            boolean hasCertificate = false;
            for (String alias : Collections.list(trusted.aliases())) {
                hasCertificate |= trusted.isCertificateEntry(alias);
            }
            if (!hasCertificate) {
                throw new TransportStartException(
                        Problem.TRUST_STORE,
                        "trust store " + trustStore + " has no trusted certificate, expected one or more",
                        null);
            }
        } catch (GeneralSecurityException failure) {
            throw new TransportStartException(
                    Problem.OTHER, "key or trust store cannot be used: " + failure.getMessage(), failure);
        }
    }

    /** Names the files, without the passwords. */
    @Override
    public String toString() {
        return "TransportTls[keyStore " + keyStore + ", trustStore " + trustStore + "]";
    }
}
