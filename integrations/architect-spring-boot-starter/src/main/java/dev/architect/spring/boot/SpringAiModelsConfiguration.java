package dev.architect.spring.boot;

import dev.architect.spi.ModelProvider;
import dev.architect.spring.ai.ArchitectSpringAiChatModel;
import dev.architect.spring.ai.SpringAiProvider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chat models of Spring AI 2 that are beans take part as providers. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({SpringAiProvider.class, ChatModel.class})
@ConditionalOnProperty(prefix = "architect.spring-ai", name = "enabled", matchIfMissing = true)
class SpringAiModelsConfiguration {

    private static final String LIBRARY = "spring-ai";

    @Bean
    ProviderSource architectSpringAiModels(ConfigurableListableBeanFactory beans, ArchitectProperties properties) {
        return new Models(new ChatModelBeans(beans, properties));
    }

    private record Models(ChatModelBeans beans) implements ProviderSource {

        @Override
        public Set<String> beanNames() {
            return new LinkedHashSet<>(beans.names(ChatModel.class, ArchitectSpringAiChatModel.class));
        }

        @Override
        public List<ModelProvider> create() {
            List<ModelProvider> providers = new ArrayList<>();
            beans.grouped(List.copyOf(beanNames()), LIBRARY).forEach((provider, models) -> {
                SpringAiProvider.Builder builder = SpringAiProvider.builder(provider);
                models.forEach((model, bean) -> builder.model(model, beans.bean(bean, ChatModel.class)));
                providers.add(builder.build());
            });
            return providers;
        }
    }
}
