package dev.architect.spring.boot;

import dev.architect.model.ModelId;
import dev.architect.spring.boot.ArchitectProperties.ChatModelProperties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The beans of a library's type for chat models, and what Architect calls each. */
final class ChatModelBeans {

    private final ConfigurableListableBeanFactory beans;
    private final Map<String, ChatModelProperties> properties;

    ChatModelBeans(ConfigurableListableBeanFactory beans, ArchitectProperties properties) {
        this.beans = beans;
        this.properties = properties.chatModels();
    }

    /**
     * The names of the beans of {@code type}, without those of {@code own}: Architect as a model of that library asks itself no questions.
     * Without those that are no candidates for injection, too. A bean is not created for it.
     */
    List<String> names(Class<?> type, Class<?> own) {
        List<String> names = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(type, false, false)) {
            Class<?> known = beans.getType(name, false);
            boolean isCandidate = !beans.containsBeanDefinition(name)
                    || beans.getMergedBeanDefinition(name).isAutowireCandidate();
            if (isCandidate && (known == null || !own.isAssignableFrom(known))) {
                names.add(name);
            }
        }
        return names;
    }

    <T> T bean(String name, Class<T> type) {
        return beans.getBean(name, type);
    }

    /** What the model of a bean is called: as the properties have it, else the library and the bean's name. */
    ModelId idOf(String bean, String library) {
        ChatModelProperties stated = properties.get(bean);
        return stated == null || stated.model() == null ? new ModelId(library, bean) : ModelId.parse(stated.model());
    }

    /** The beans by provider and model; the caller makes a provider of each group. */
    Map<String, Map<String, String>> grouped(List<String> names, String library) {
        Map<String, Map<String, String>> byProvider = new TreeMap<>();
        for (String bean : names) {
            ModelId id = idOf(bean, library);
            String other = byProvider
                    .computeIfAbsent(id.provider(), provider -> new LinkedHashMap<>())
                    .putIfAbsent(id.model(), bean);
            if (other != null) {
                throw new ArchitectConfigurationException(
                        "the beans " + other + " and " + bean + " are both called " + id
                                + ", expected different models",
                        "Give them different names in architect.chat-models.BEAN.model.");
            }
        }
        return byProvider;
    }
}
