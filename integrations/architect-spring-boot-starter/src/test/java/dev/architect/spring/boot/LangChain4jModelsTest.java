package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.langchain4j.ArchitectLangChain4jChatModel;
import dev.architect.langchain4j.LangChain4jProvider;
import dev.architect.model.ModelId;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chat models of LangChain4j that are beans. */
final class LangChain4jModelsTest {

    @Test
    void takePartUnderTheNameOfTheirBean() {
        Hosts.inMemory().withUserConfiguration(Models.class).run(host -> {
            assertThat(host).hasNotFailed();
            assertThat(ProviderPropertiesTest.providers(host)).containsExactly("langchain4j");
        });
    }

    @Test
    void takePartInThePolicyAsThePropertiesSay() {
        Hosts.inMemory()
                .withUserConfiguration(Models.class)
                .withPropertyValues(
                        "architect.chat-models.smallModel.model=mistral/small",
                        "architect.chat-models.smallModel.quality=70",
                        "architect.chat-models.smallModel.context-tokens=32000",
                        "architect.chat-models.largeModel.model=mistral/large",
                        "architect.chat-models.largeModel.quality=90",
                        "architect.chat-models.largeModel.context-tokens=32000")
                .run(host -> {
                    assertThat(ProviderPropertiesTest.providers(host)).containsExactly("mistral");
                    Architect architect = host.getBean(Architect.class);
                    assertThat(architect.chat(ask("mistral/small")).text()).isEqualTo("small");
                    assertThat(architect.chat(ask("mistral/large")).text()).isEqualTo("large");
                });
    }

    private static ChatRequest ask(String model) {
        return ChatRequest.builder("hello").model(ModelId.parse(model)).build();
    }

    @Test
    void twoOfOneNameAreAClearMistake() {
        Hosts.inMemory()
                .withUserConfiguration(Models.class)
                .withPropertyValues(
                        "architect.chat-models.smallModel.model=mistral/one",
                        "architect.chat-models.largeModel.model=mistral/one")
                .run(host -> assertThat(host)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("are both called mistral/one, expected different models"));
    }

    @Test
    void aPropertyOfNoModelIsAClearMistake() {
        Hosts.inMemory()
                .withUserConfiguration(Models.class)
                .withPropertyValues("architect.chat-models.smalModel.model=mistral/one")
                .run(host -> assertThat(host)
                        .getFailure()
                        .rootCause()
                        .hasMessage(
                                "architect.chat-models.smalModel is about no chat model, did you mean 'smallModel'?"));
    }

    @Test
    void architectAsAModelAsksItselfNoQuestions() {
        Hosts.inMemory().withUserConfiguration(Models.class, Itself.class).run(host -> {
            assertThat(host).hasNotFailed();
            assertThat(ProviderPropertiesTest.providers(host)).containsExactly("langchain4j");
            assertThat(host.getBean(Architect.class).providers().statuses()).hasSize(1);
        });
    }

    @Test
    void canBeLeftOut() {
        Hosts.inMemory()
                .withUserConfiguration(Models.class)
                .withPropertyValues("architect.langchain4j.enabled=false")
                .run(host -> assertThat(ProviderPropertiesTest.providers(host)).isEmpty());
        Hosts.inMemory()
                .withUserConfiguration(Models.class)
                .withClassLoader(new FilteredClassLoader(LangChain4jProvider.class))
                .run(host -> assertThat(ProviderPropertiesTest.providers(host)).isEmpty());
    }

    @Configuration(proxyBeanMethods = false)
    static class Models {

        @Bean
        ChatModel smallModel() {
            return answering("small");
        }

        @Bean
        ChatModel largeModel() {
            return answering("large");
        }

        private static ChatModel answering(String text) {
            return new ChatModel() {
                @Override
                public ChatResponse doChat(dev.langchain4j.model.chat.request.ChatRequest request) {
                    return ChatResponse.builder()
                            .aiMessage(AiMessage.from(text))
                            .build();
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Itself {

        @Bean
        ArchitectLangChain4jChatModel itself(Architect architect) {
            return ArchitectLangChain4jChatModel.of(architect);
        }
    }
}
