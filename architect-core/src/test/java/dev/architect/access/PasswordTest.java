package dev.architect.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {

    private final AtomicLong numbers = new AtomicLong();
    private final Pbkdf2PasswordHasher hasher = new Pbkdf2PasswordHasher(1_000, bound -> numbers.getAndAdd(37) % bound);

    /** Computed with {@code hashlib.pbkdf2_hmac} of Python 3. */
    @ParameterizedTest
    @CsvSource({
        "Password, $pbkdf2-sha256$i=80000$TmFDbE5hQ2xOYUNsTmFDbA$iLTJJGw+WdPmD5CTMqqTm1QolbYhvtkL/vVbo38pyew",
        "pässwörd 📊, $pbkdf2-sha256$i=600000$MDEyMzQ1Njc4OWFiY2RlZg$XVybSSxlJ+a5MWNzMxmbms81Fl1Jjmy3vif3N46Pu8k"
    })
    void agreesWithAnotherImplementation(String password, String kept) {
        assertThat(hasher.matches(password, kept)).isTrue();
        assertThat(hasher.matches(password + "x", kept)).isFalse();
    }

    @Test
    void keepsAnotherTextEachTimeThatFitsThePasswordAlone() {
        Set<String> kept = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            kept.add(hasher.hash("a long enough password"));
        }
        assertThat(kept).hasSize(5).allSatisfy(text -> {
            assertThat(text).matches("\\$pbkdf2-sha256\\$i=1000\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
            assertThat(hasher.matches("a long enough password", text)).isTrue();
            assertThat(hasher.matches("A long enough password", text)).isFalse();
        });
    }

    @Test
    void textsOfOtherAlgorithmsAndCountsAreOutdated() {
        String kept = hasher.hash("a long enough password");
        Pbkdf2PasswordHasher stronger = new Pbkdf2PasswordHasher(2_000, bound -> 0);

        assertThat(hasher.isOutdated(kept)).isFalse();
        assertThat(stronger.isOutdated(kept)).isTrue();
        assertThat(stronger.matches("a long enough password", kept)).isTrue();
        assertThat(hasher.isOutdated("$2b$10$abcdefghijklmnopqrstuv")).isTrue();
        assertThat(hasher.matches("x", "$2b$10$abcdefghijklmnopqrstuv")).isFalse();
        assertThat(hasher.matches("x", "$pbkdf2-sha256$i=99999999$TmFDbE5hQ2xOYUNsTmFDbA$" + "A".repeat(43)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "architect",
                "peace5",
                "fourteen chars",
                "password12345678",
                "P@ssw0rd!P@ssw0rd!",
                "Passwort2024!!!!!!",
                "aaaaaaaaaaaaaaaaaaaa",
                "123456789012345",
                "098765432109876",
                "abcabcabcabcabcabc",
                "qwertyuiopasdfghjkl",
                "1qaz2wsx3edc4rfv",
                "abcdefghijklmnop",
                "letmeinletmein1234",
                "iloveyouforever!!!",
                "Welcome to Architect 1",
                "ada.lovelace.ada.lovelace",
                "correct horse battery staple",
                "1234 5678 9012 3456"
            })
    void refusesWhatIsShortOrGuessedFirst(String password) {
        assertThat(PasswordRules.refusal(password, "ada.lovelace"))
                .isPresent()
                .get()
                .asString()
                .doesNotContain(password);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tricky gnomes juggle quiet lamps",
                "Vq7#kd9Lm2$wXz04",
                "meine Katze frisst nur Lachs!",
                "x8Jk2-9fQw3-Lm5Zp",
                "📊📈📉🗂🗃🗄📁📂📅📆📇📋📌📍📎"
            })
    void takesWhatIsLongAndNotGuessedFirst(String password) {
        assertThat(PasswordRules.refusal(password, "ada")).isEmpty();
    }

    @Test
    void saysHowLongAPasswordMustBe() {
        assertThat(PasswordRules.refusal("fourteen chars", "ada")).contains("has 14 characters, expected at least 15");
        assertThat(PasswordRules.refusal("x".repeat(257), "ada")).contains("has 257 characters, expected at most 256");
    }
}
