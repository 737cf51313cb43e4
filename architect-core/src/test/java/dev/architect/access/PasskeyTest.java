package dev.architect.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PasskeyTest {

    private static Passkey passkey(String id, String name, Set<String> transports, long signCount) {
        return new Passkey(
                id,
                "ada",
                name,
                "pQECAyYg",
                transports,
                false,
                Instant.EPOCH,
                new Passkey.Use(signCount, false, Optional.empty()));
    }

    private static Passkey counting(long signCount) {
        return passkey("AA", "laptop", Set.of("internal"), signCount);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, true", "0, 1, true", "5, 6, true", "5, 5, false", "5, 4, false", "5, 0, false"})
    void aCountGoesUpWhereTheAuthenticatorCounts(long known, long next, boolean isRight) {
        assertThat(counting(known).accepts(next)).isEqualTo(isRight);
    }

    @Test
    void aUseReplacesTheLastOneAndNothingElse() {
        Passkey.Use last = new Passkey.Use(9, true, Optional.of(Instant.EPOCH.plusSeconds(7)));

        Passkey used = counting(5).used(last);

        assertThat(used.use()).isEqualTo(last);
        assertThat(used).usingRecursiveComparison().ignoringFields("use").isEqualTo(counting(5));
        assertThat(used.toString()).isEqualTo("Passkey[laptop of ada]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a=", "a+b", "a/b", "a b"})
    void anIdIsBase64Url(String id) {
        assertThatThrownBy(() -> passkey(id, "laptop", Set.of(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id has " + id.length() + " characters, expected 1 to 1364 of base64url");
        assertThatThrownBy(() -> passkey("a".repeat(Passkey.MAX_ID + 1), "laptop", Set.of(), 0))
                .hasMessageStartingWith("id has 1365 characters");
        assertThat(passkey("a".repeat(Passkey.MAX_ID), "laptop", Set.of(), 0).id())
                .hasSize(1_364);
    }

    @Test
    void whatIsTooMuchIsNamed() {
        assertThatThrownBy(() -> passkey("AA", " ", Set.of(), 0)).hasMessage("name is blank, expected text");
        assertThatThrownBy(() -> passkey("AA", "n".repeat(65), Set.of(), 0))
                .hasMessage("name has 65 characters, expected at most 64");
        Set<String> many = IntStream.range(0, 11).mapToObj(Integer::toString).collect(Collectors.toSet());
        assertThatThrownBy(() -> passkey("AA", "laptop", many, 0)).hasMessage("transports are 11, expected at most 10");
        assertThatThrownBy(() -> passkey("AA", "laptop", Set.of("t".repeat(33)), 0))
                .hasMessage("transport has 33 characters, expected at most 32");
        assertThatThrownBy(() -> counting(-1)).hasMessage("signCount is -1, expected 0 or more");
    }

    @Test
    void aChallengeEndsWhenItsTimeIsOver() {
        Instant end = Instant.EPOCH.plusSeconds(300);
        LoginChallenge challenge = new LoginChallenge("digest", "a login", Instant.EPOCH, end);

        assertThat(challenge.isValid(end.minusMillis(1))).isTrue();
        assertThat(challenge.isValid(end)).isFalse();
        assertThatThrownBy(() -> new LoginChallenge("digest", "p".repeat(201), Instant.EPOCH, end))
                .hasMessage("purpose has 201 characters, expected at most 200");
    }
}
