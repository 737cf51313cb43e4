package dev.architect.spring.boot;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.error.DidYouMean;
import dev.architect.error.StoreException;
import dev.architect.event.EventListener;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.ProviderConfiguration;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.Router;
import dev.architect.spi.SecretSource;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.spring.boot.ArchitectProperties.ProviderProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Builds the {@link Architect} of an application from its properties and beans. */
final class ArchitectAssembly {

    private static final Logger LOG = LoggerFactory.getLogger(ArchitectAssembly.class);

    private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

    /** Spring Boot's own. */
    private static final Duration USUAL_PHASE_TIMEOUT = Duration.ofSeconds(30);

    private final ArchitectProperties properties;
    private final Environment environment;
    private final ConfigurableListableBeanFactory beans;
    private final SecretSource secrets;

    ArchitectAssembly(
            ArchitectProperties properties,
            Environment environment,
            ConfigurableListableBeanFactory beans,
            SecretSource secrets) {
        this.properties = properties;
        this.environment = environment;
        this.beans = beans;
        this.secrets = secrets;
    }

    /** Starts a node that claims no tasks yet; its lifecycle resumes it once the host is up. */
    Architect build(Store store, Router.Factory router) {
        Duration stopTimeout = stopTimeout();
        // Before anything is opened: making a bean of the host may fail.
        List<Worker> workers = all(Worker.class);
        List<EventListener> listeners = all(EventListener.class);
        List<ArchitectBuilderCustomizer> customizers = all(ArchitectBuilderCustomizer.class);
        Optional<TimeSource> time =
                Optional.ofNullable(beans.getBeanProvider(TimeSource.class).getIfUnique());
        List<ModelProvider> own = ownProviders();
        ArchitectSetup setup = setup(own.stream().map(ModelProvider::name).collect(Collectors.toSet()));
        report(setup, own);

        ArchitectBuilder builder = setup.wire(store);
        own.forEach(builder::provider);
        workers.forEach(builder::worker);
        listeners.forEach(builder::listener);
        time.ifPresent(builder::time);
        builder.router(router)
                .nodeName(nodeName())
                .pool(properties.pool().limits())
                .maxAsyncRequests(properties.maxAsyncRequests())
                .stopTimeout(stopTimeout)
                .outageLimit(properties.tasks().outageLimit())
                .retention(properties.tasks().retention().retention())
                .paused();
        if (!properties.tasks().perform()) {
            builder.withoutTaskExecution();
        }
        customizers.forEach(customizer -> customizer.customize(builder));
        return started(builder);
    }

    private static Architect started(ArchitectBuilder builder) {
        try {
            return builder.build();
        } catch (StoreException failure) {
            throw new ArchitectConfigurationException(
                    "Architect cannot join its store: " + failure.getMessage(), "Mend what the message says.", failure);
        } catch (IllegalStateException | IllegalArgumentException wrong) {
            throw new ArchitectConfigurationException(
                    "Architect cannot be built: " + wrong.getMessage(),
                    "Correct the beans of type Worker, ModelProvider or ArchitectBuilderCustomizer that the message is about.",
                    wrong);
        }
    }

    private <T> List<T> all(Class<T> type) {
        return beans.getBeanProvider(type).orderedStream().toList();
    }

    private String nodeName() {
        String stated = properties.nodeName();
        return stated == null || stated.isBlank()
                ? Optional.ofNullable(environment.getProperty("spring.application.name"))
                        .filter(name -> !name.isBlank())
                        .orElse("node")
                : stated;
    }

    /** A stop that took longer than a phase of the host's shutdown may be cut off by whoever waits for the host. */
    private Duration stopTimeout() {
        Duration phase =
                Binder.get(environment).bind(PHASE_TIMEOUT, Duration.class).orElse(USUAL_PHASE_TIMEOUT);
        Duration timeout = properties.tasks().stopTimeoutWithin(phase);
        if (timeout.compareTo(phase) > 0) {
            throw new ArchitectConfigurationException(
                    "architect.tasks.stop-timeout is " + timeout + ", expected at most " + PHASE_TIMEOUT + ", which is "
                            + phase,
                    "Lower architect.tasks.stop-timeout, or raise " + PHASE_TIMEOUT
                            + " and the time that your platform gives the process to stop.");
        }
        return timeout;
    }

    /** Those that are beans, and those that are made of another library's beans. */
    private List<ModelProvider> ownProviders() {
        List<ProviderSource> sources = all(ProviderSource.class);
        Set<String> models = new TreeSet<>();
        sources.forEach(source -> models.addAll(source.beanNames()));
        for (String bean : new TreeSet<>(properties.chatModels().keySet())) {
            if (!models.contains(bean)) {
                throw new ArchitectConfigurationException(
                        "architect.chat-models." + bean + " is about no chat model, "
                                + DidYouMean.of(bean, models)
                                        .map(near -> "did you mean '" + near + "'?")
                                        .orElse("expected the name of a ChatModel bean: "
                                                + (models.isEmpty() ? "there is none" : String.join(", ", models))),
                        "Correct the name of the bean. A bean whose method returns a more general type is not found.");
            }
        }
        List<ModelProvider> providers = new ArrayList<>(all(ModelProvider.class));
        sources.forEach(source -> providers.addAll(source.create()));
        return providers;
    }

    /** The providers of the adapters on the class path; a bean of the same name takes the place of each. */
    private ArchitectSetup setup(Set<String> taken) {
        try {
            Map<String, ProviderProperties> stated = properties.providers();
            List<ProviderConfiguration> listed = stated.entrySet().stream()
                    .filter(entry -> entry.getValue().enabled())
                    .sorted(Map.Entry.comparingByKey())
                    .map(entry -> entry.getValue().configuration(entry.getKey()))
                    .toList();
            Set<String> left = new HashSet<>(taken);
            stated.forEach((name, provider) -> {
                if (!provider.enabled()) {
                    left.add(name);
                }
            });
            ArchitectSetup setup = setupOf(
                    listed.isEmpty()
                            ? RuntimeConfiguration.empty()
                            : RuntimeConfiguration.empty().withProviders(listed));
            if (setup.providers().stream().noneMatch(left::contains)) {
                return setup;
            }
            List<ProviderConfiguration> kept = setup.providers().stream()
                    .filter(name -> !left.contains(name))
                    .map(name -> stated.containsKey(name)
                            ? stated.get(name).configuration(name)
                            : ProviderConfiguration.of(name))
                    .toList();
            return setupOf(RuntimeConfiguration.empty().withProviders(kept));
        } catch (IllegalArgumentException | IllegalStateException wrong) {
            throw new ArchitectConfigurationException(
                    "the providers cannot be made: " + wrong.getMessage(),
                    "Correct architect.providers, or add the jar of the adapter, such as architect-provider-claude.",
                    wrong);
        }
    }

    private ArchitectSetup setupOf(RuntimeConfiguration configuration) {
        return ArchitectSetup.builder(configuration)
                .secrets(secrets)
                .settings(name ->
                        Optional.ofNullable(environment.getProperty(name)).filter(text -> !text.isBlank()))
                .build();
    }

    private void report(ArchitectSetup setup, List<ModelProvider> own) {
        Set<String> names = new TreeSet<>(setup.providers());
        own.forEach(provider -> names.add(provider.name()));
        LOG.info(
                "providers: {}; without: {}",
                names.isEmpty() ? "none" : String.join(", ", names),
                setup.skipped().isEmpty() ? "none" : setup.skipped());
        RoutingPolicy policy = beans.getBeanProvider(RoutingPolicy.class).getIfUnique();
        if (policy != null) {
            names.removeIf(name -> policy.models().stream()
                    .anyMatch(model -> model.id().provider().equals(name)));
            names.forEach(name -> LOG.warn(
                    "provider {} has no model in the routing policy, so it answers nothing; expected one such as {}/MODEL",
                    name,
                    name));
        }
    }
}
