package dev.architect.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProviderSettingsTest {

    private static final ProviderSettings SETTINGS = ProviderSettings.of("acme");

    private enum Api {
        CHAT_COMPLETIONS,
        RESPONSES
    }

    @Test
    void holdsTheAddressAndTheOptionsThatItIsGiven() {
        ProviderSettings changed = SETTINGS.withBaseUrl(URI.create("http://localhost:1"))
                .withOption("tenant", "blue")
                .withOption("tenant", "red");

        assertThat(changed.name()).isEqualTo("acme");
        assertThat(changed.baseUrl()).contains(URI.create("http://localhost:1"));
        assertThat(changed.option("tenant")).contains("red");
        assertThat(SETTINGS.baseUrl()).isEmpty();
        assertThat(SETTINGS.option("tenant")).isEmpty();
    }

    @Test
    void rejectsANameThatModelIdsOrOptionsCouldNotHold() {
        for (String name : List.of("", "a/b", "a.b", "Acme", "1st", "a b", "a".repeat(65))) {
            assertThatThrownBy(() -> ProviderSettings.of(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("name of a provider is '" + name
                            + "', expected 1..64 lower-case letters, digits and dashes, a letter first");
        }
    }

    @Test
    void readsWholeNumbers() {
        assertThat(SETTINGS.withOption("most", "7").integer("most", 1, 9)).hasValue(7);
        assertThat(SETTINGS.integer("most", 1, 9)).isEmpty();
        for (String wrong : List.of("0", "10", "x", "", "1.0", "4294967303", "99999999999999999999")) {
            assertThatThrownBy(() -> SETTINGS.withOption("most", wrong).integer("most", 1, 9))
                    .hasMessage("option most of provider acme is '" + wrong + "', expected 1..9");
        }
    }

    @Test
    void readsFlags() {
        assertThat(SETTINGS.withOption("strict", "true").flag("strict")).isTrue();
        assertThat(SETTINGS.withOption("strict", "false").flag("strict")).isFalse();
        assertThat(SETTINGS.flag("strict")).isFalse();
        assertThatThrownBy(() -> SETTINGS.withOption("strict", "yes").flag("strict"))
                .hasMessage("option strict of provider acme is 'yes', expected true or false");
    }

    @Test
    void readsConstantsInLowerCaseWithDashes() {
        assertThat(SETTINGS.withOption("api", "chat-completions").constant("api", Api.class))
                .contains(Api.CHAT_COMPLETIONS);
        assertThat(SETTINGS.constant("api", Api.class)).isEmpty();
        assertThatThrownBy(() -> SETTINGS.withOption("api", "RESPONSES").constant("api", Api.class))
                .hasMessage("option api of provider acme is 'RESPONSES', expected one of chat-completions, responses");
    }

    @Test
    void rejectsOptionsThatTheAdapterLacks() {
        ProviderSettings mistyped = SETTINGS.withOption("tennant", "blue");

        mistyped.requireOptions(List.of("tennant"));
        assertThatThrownBy(() -> mistyped.requireOptions(List.of("tenant", "region")))
                .hasMessage("option tennant of provider acme is unknown, did you mean 'tenant'?");
        assertThatThrownBy(() -> mistyped.requireOptions(List.of("zone", "region")))
                .hasMessage("option tennant of provider acme is unknown, expected one of region, zone");
        assertThatThrownBy(() -> mistyped.requireOptions(List.of()))
                .hasMessage("option tennant of provider acme is unknown, expected no options");
    }
}
