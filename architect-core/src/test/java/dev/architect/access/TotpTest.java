package dev.architect.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Codes of authenticator apps, recovery codes, and what is kept of them. */
final class TotpTest {

    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    /** RFC 6238, appendix B, of SHA-1: the last six of its eight digits. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void codesAreThoseOfTheStandard(long seconds, String code) {
        Instant now = Instant.ofEpochSecond(seconds);

        assertThat(Totp.code(SECRET, Totp.step(now))).isEqualTo(code);
        assertThat(Totp.find(SECRET, code, now)).hasValue(seconds / 30);
    }

    @Test
    void aCodeIsTakenOneStepAroundNowAndNoMore() {
        Instant now = Instant.ofEpochSecond(1_000_000_010);
        long step = Totp.step(now);

        for (long each = step - 1; each <= step + 1; each++) {
            assertThat(Totp.find(SECRET, Totp.code(SECRET, each), now)).hasValue(each);
        }
        assertThat(Totp.find(SECRET, Totp.code(SECRET, step - 2), now)).isEmpty();
        assertThat(Totp.find(SECRET, Totp.code(SECRET, step + 2), now)).isEmpty();
        for (String wrong : List.of("", "0", "１２３４５６", "12345", "1234567", "abcdef")) {
            assertThat(Totp.find(SECRET, wrong, now)).as(wrong).isEmpty();
        }
    }

    /** RFC 4648, section 10, without the padding. */
    @ParameterizedTest
    @CsvSource({"'', ''", "f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB", "foobar, MZXW6YTBOI"})
    void base32IsThatOfTheStandard(String text, String encoded) {
        assertThat(Totp.base32(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(encoded);
    }

    @Test
    void recoveryCodesAreLongDifferentAndFoundHoweverTheyAreTyped() {
        SplittableRandom random = new SplittableRandom(1);
        List<String> codes = RecoveryCodes.create(random::nextLong);

        assertThat(codes).hasSize(RecoveryCodes.COUNT).allMatch(code -> code.matches("([a-z2-7]{4}-){5}[a-z2-7]{4}"));
        assertThat(new HashSet<>(codes)).hasSize(RecoveryCodes.COUNT);
        String typed = codes.get(0).toUpperCase(java.util.Locale.ROOT).replace("-", " ") + " ";
        assertThat(RecoveryCodes.digest(typed))
                .isEqualTo(RecoveryCodes.digest(codes.get(0)))
                .isNotEqualTo(RecoveryCodes.digest(codes.get(1)))
                .doesNotContain(codes.get(0));
    }

    @Test
    void nothingOfTheSecretIsShown() {
        SecondFactor factor = SecondFactor.begin("ada", SECRET, Instant.EPOCH);

        assertThat(factor.secretBytes()).isEqualTo(SECRET);
        assertThat(factor.toString()).doesNotContain(factor.secret()).contains("ada");
        assertThat(Totp.newSecret(bound -> bound - 1))
                .hasSize(Totp.SECRET_BYTES)
                .containsOnly(-1);
    }
}
