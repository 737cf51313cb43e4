package dev.architect.server.passkey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RelyingPartyTest {

    @ParameterizedTest
    @CsvSource({
        "https://gaia.example.com, gaia.example.com",
        "https://gaia.example.com:8443, gaia.example.com",
        "http://localhost:8080, localhost",
        "https://localhost, localhost",
        "http://gaia.localhost:8080, gaia.localhost",
        "https://server1, server1"
    })
    void aPasskeyIsBoundToTheName(String origin, String name) {
        assertThat(RelyingParty.of(origin)).contains(new RelyingParty(origin, name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080",
                "https://127.0.0.1",
                "http://[::1]:8080",
                "https://[2001:db8::1]",
                "https://10.1",
                "http://gaia.example.com",
                "http://localhost.example.com"
            })
    void thereAreNoneUnderAnAddressOrWithoutTls(String origin) {
        assertThat(RelyingParty.of(origin)).isEmpty();
    }
}
