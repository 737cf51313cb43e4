package dev.architect.transport.jgroups;

import dev.architect.factory.ClusterTransportFactory;
import dev.architect.factory.FactoryOptions;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.SecretSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes transports with JGroups for hosts that read a configuration: {@code jgroups}. Options are {@code clusterName} ({@value
 * #DEFAULT_CLUSTER} by default), {@code bindAddress}, {@code port}, and for TLS {@code keyStore}, {@code trustStore} and the names of the
 * secrets that open them, {@code keyStoreSecret} and {@code trustStoreSecret}.
 */
public final class JGroupsTransportFactory implements ClusterTransportFactory {

    /** The name of the cluster unless an option states another one. */
    static final String DEFAULT_CLUSTER = "architect";

    private static final String CLUSTER = "clusterName";
    private static final String BIND_ADDRESS = "bindAddress";
    private static final String PORT = "port";
    private static final String KEY_STORE = "keyStore";
    private static final String KEY_SECRET = "keyStoreSecret";
    private static final String TRUST_STORE = "trustStore";
    private static final String TRUST_SECRET = "trustStoreSecret";
    private static final Set<String> OPTIONS =
            Set.of(CLUSTER, BIND_ADDRESS, PORT, KEY_STORE, KEY_SECRET, TRUST_STORE, TRUST_SECRET);
    private static final int MAX_CLUSTER_LENGTH = 100;
    private static final int MAX_PORT = 65_535;
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern SECRET_NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    /** Creates the factory. */
    public JGroupsTransportFactory() {}

    @Override
    public String name() {
        return "jgroups";
    }

    @Override
    public Set<String> options() {
        return OPTIONS;
    }

    @Override
    public Set<String> fileOptions() {
        return Set.of(KEY_STORE, TRUST_STORE);
    }

    @Override
    public void check(FactoryOptions options) {
        builder(options, name -> Optional.of("unread"));
    }

    @Override
    public ClusterTransport create(FactoryOptions options, SecretSource secrets) {
        return builder(options, secrets).build();
    }

    private static JGroupsTransport.Builder builder(FactoryOptions options, SecretSource secrets) {
        options.requireOnly(OPTIONS);
        JGroupsTransport.Builder builder = JGroupsTransport.builder(
                options.text(CLUSTER).map(JGroupsTransportFactory::cluster).orElse(DEFAULT_CLUSTER));
        options.integer(PORT, 0, MAX_PORT).ifPresent(builder::port);
        Optional<TransportTls> tls = tls(options, secrets);
        tls.ifPresent(builder::tls);
        options.text(BIND_ADDRESS).map(text -> address(text, tls.isPresent())).ifPresent(builder::bindAddress);
        return builder;
    }

    private static String cluster(String name) {
        if (name.isBlank() || name.length() > MAX_CLUSTER_LENGTH) {
            throw new IllegalArgumentException(
                    CLUSTER + " has " + name.length() + " characters, expected 1.." + MAX_CLUSTER_LENGTH);
        }
        return name;
    }

    private static InetAddress address(String text, boolean isEncrypted) {
        InetAddress address = parse(text);
        if (address.isAnyLocalAddress()) {
            throw new IllegalArgumentException(
                    BIND_ADDRESS + " is '" + text + "', expected the one address that other nodes reach");
        }
        if (!address.isLoopbackAddress() && !isEncrypted) {
            throw new IllegalArgumentException(BIND_ADDRESS + " is '" + text
                    + "', which other machines reach, expected " + KEY_STORE + " and " + TRUST_STORE + " with it");
        }
        return address;
    }

    /** Only text that is an address reaches the resolver, which therefore never asks the network. */
    private static InetAddress parse(String text) {
        try {
            if (ADDRESS.matcher(text).matches()) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException notOne) {
            throw new IllegalArgumentException(
                    BIND_ADDRESS + " is '" + text + "', expected an IP address of this machine", notOne);
        }
        throw new IllegalArgumentException(BIND_ADDRESS + " is '" + text + "', expected an IP address of this machine");
    }

    private static Optional<TransportTls> tls(FactoryOptions options, SecretSource secrets) {
        boolean isWanted = options.values().keySet().stream()
                .anyMatch(option -> option.startsWith(KEY_STORE) || option.startsWith(TRUST_STORE));
        if (!isWanted) {
            return Optional.empty();
        }
        return Optional.of(TransportTls.of(
                Path.of(stated(options, KEY_STORE)),
                secret(options, KEY_SECRET, secrets),
                Path.of(stated(options, TRUST_STORE)),
                secret(options, TRUST_SECRET, secrets)));
    }

    private static String stated(FactoryOptions options, String option) {
        return options.text(option)
                .orElseThrow(() -> new IllegalArgumentException(option + " is missing, expected it for TLS beside "
                        + String.join(", ", KEY_STORE, KEY_SECRET, TRUST_STORE, TRUST_SECRET)));
    }

    /** A value that is not the name of a secret may be the secret itself, so no message repeats it. */
    private static String secret(FactoryOptions options, String option, SecretSource secrets) {
        String name = stated(options, option);
        if (!SECRET_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    option + " is not the name of a secret, expected 1..64 upper-case letters,"
                            + " digits and underscores, never a password");
        }
        return secrets.secret(name)
                .orElseThrow(() -> new TransportStartException(
                        TransportStartException.Problem.OTHER,
                        option + " is " + name + ", which is not set, expected the password",
                        null));
    }
}
