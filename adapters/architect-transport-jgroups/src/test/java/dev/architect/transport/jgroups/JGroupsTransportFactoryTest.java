package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.factory.ClusterTransportFactory;
import dev.architect.factory.FactoryOptions;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.SecretSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JGroupsTransportFactoryTest {

    private static final SecretSource NO_SECRET = name -> Optional.empty();
    private static final Map<String, String> TLS = Map.of(
            "keyStore", "keys.p12", "keyStoreSecret", "KEYS", "trustStore", "trust.p12", "trustStoreSecret", "TRUST");

    private final JGroupsTransportFactory factory = new JGroupsTransportFactory();

    @Test
    void isFound() {
        assertThat(ServiceLoader.load(ClusterTransportFactory.class))
                .anySatisfy(found -> assertThat(found).isInstanceOf(JGroupsTransportFactory.class));
    }

    @Test
    void makesATransportThatStarts() {
        try (ClusterTransport transport = factory.create(
                new FactoryOptions(Map.of("bindAddress", "127.0.0.1", "port", "0", "clusterName", "test-of-factory")),
                NO_SECRET)) {
            assertThat(transport.address()).isEmpty();

            transport.start("a", (from, message) -> {});

            assertThat(transport.address()).startsWith("127.0.0.1:");
            assertThat(transport.view().members()).containsExactly("a");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port | 70000 | port is '70000', expected 0..65535
            bindAddress | node-1 | bindAddress is 'node-1', expected an IP address of this machine
            bindAddress | 300.1.1.1 | bindAddress is '300.1.1.1', expected an IP address of this machine
            bindAddress | 0.0.0.0 | bindAddress is '0.0.0.0', expected the one address that other nodes reach
            bindAddress | 10.0.0.1 | bindAddress is '10.0.0.1', which other machines reach, expected keyStore and trustStore with it
            keyStore | keys.p12 | keyStoreSecret is missing, expected it for TLS beside keyStore, keyStoreSecret, trustStore, trustStoreSecret
            bindAdress | ::1 | bindAdress is not a known option, did you mean 'bindAddress'?
            """)
    void refusesWhatItDoesNotTake(String option, String value, String message) {
        assertThatThrownBy(() -> factory.check(new FactoryOptions(Map.of(option, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void takesEveryAddressWithTls() {
        Map<String, String> options = new HashMap<>(TLS);
        options.put("bindAddress", "10.0.0.1");

        assertThatCode(() -> factory.check(new FactoryOptions(options))).doesNotThrowAnyException();
        assertThatThrownBy(() -> factory.create(new FactoryOptions(options), NO_SECRET))
                .isInstanceOf(TransportStartException.class)
                .hasMessageMatching("(key|trust)StoreSecret is (KEYS|TRUST), which is not set, expected the password");
        options.put("keyStoreSecret", "hunter2");
        assertThatThrownBy(() -> factory.check(new FactoryOptions(options)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("keyStoreSecret is not the name of a secret")
                .hasMessageNotContaining("hunter2");
    }
}
