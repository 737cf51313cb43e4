package dev.architect.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.model.Capability;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ChatRequestTest {

    @Test
    void asksForTheCapabilitiesThatItsFieldsImply() {
        ChatRequest request = ChatRequest.builder("And now?")
                .earlier(Message.user("Hello"))
                .earlier(Message.assistant("Hi"))
                .system("Be brief.")
                .temperature(0.5)
                .needs(Set.of(Capability.WEB_SEARCH))
                .build();

        assertThat(request.requiredCapabilities())
                .containsExactlyInAnyOrder(
                        Capability.MULTI_TURN, Capability.SYSTEM_TEXT, Capability.TEMPERATURE, Capability.WEB_SEARCH);
        assertThat(ChatRequest.of("Hello").requiredCapabilities()).isEmpty();
    }

    @Test
    void refusesWhatNoModelTakes() {
        assertThatThrownBy(() -> ChatRequest.of(" ")).hasMessage("prompt is blank, expected text");
        assertThatThrownBy(() -> ChatRequest.builder("x").temperature(2.5).build())
                .hasMessage("temperature is 2.5, expected 0.0..2.0");
        assertThatThrownBy(() -> ChatRequest.builder("x").maxOutputTokens(0).build())
                .hasMessageStartingWith("maxOutputTokens is 0, expected 1..");
        assertThatThrownBy(() -> ChatRequest.builder("x")
                        .stopSequences(List.of("1", "2", "3", "4", "5"))
                        .build())
                .hasMessage("stopSequences size is 5, expected 0..4");
    }

    @Test
    void keepsTextOutOfItsOwn() {
        assertThat(ChatRequest.builder("a secret").system("a rule").build().toString())
                .doesNotContain("secret")
                .doesNotContain("rule");
        assertThat(new Part.Text("a secret").toString()).doesNotContain("secret");
    }
}
