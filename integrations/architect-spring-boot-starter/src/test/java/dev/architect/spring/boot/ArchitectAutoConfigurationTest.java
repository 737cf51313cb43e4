package dev.architect.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.Router;
import dev.architect.spi.SecretSource;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.spring.boot.Hosts.TypedWorker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which beans there are, and which of them back off. */
final class ArchitectAutoConfigurationTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    @Test
    void performsTasksOfWorkersThatAreBeans() {
        Hosts.inMemory().withUserConfiguration(Hosts.Echo.class).run(host -> {
            assertThat(host).hasNotFailed().hasSingleBean(Architect.class).hasSingleBean(Store.class);
            Architect architect = host.getBean(Architect.class);

            assertThat(architect
                            .submit(TaskRequest.of("echo", "hello"))
                            .await(WAIT)
                            .output())
                    .contains("hello");
        });
    }

    @Test
    void hasNoBeansWhenItIsDisabled() {
        Hosts.bare()
                .withPropertyValues("architect.enabled=false")
                .run(host -> assertThat(host)
                        .hasNotFailed()
                        .doesNotHaveBean(Architect.class)
                        .doesNotHaveBean(Store.class)
                        .doesNotHaveBean(TransactionalTasks.class)
                        .doesNotHaveBean(ArchitectProperties.class));
    }

    @Test
    void hasNoBeansOfItsOwnBesideAnArchitectOfTheHostWhenItIsDisabled() {
        Hosts.bare()
                .withPropertyValues("architect.enabled=false")
                .withUserConfiguration(OwnArchitect.class)
                .run(host -> assertThat(host)
                        .hasNotFailed()
                        .hasSingleBean(Architect.class)
                        .doesNotHaveBean(ArchitectLifecycle.class)
                        .doesNotHaveBean(TransactionalTasks.class));
    }

    @Test
    void opensNoStoreWhenTheHostMakesItsOwnArchitect() {
        // Neither a DataSource nor a store: opening one would fail.
        Hosts.bare().withUserConfiguration(OwnArchitect.class).run(host -> {
            assertThat(host)
                    .hasNotFailed()
                    .hasSingleBean(Architect.class)
                    .doesNotHaveBean(Store.class)
                    .doesNotHaveBean(Router.Factory.class)
                    .hasSingleBean(ArchitectLifecycle.class);
            assertThat(host.getBean(Architect.class).sessions().isPaused()).isFalse();
        });
    }

    @Test
    void usesTheStoreOfTheHost() {
        Hosts.bare().withUserConfiguration(OwnStore.class, Hosts.Echo.class).run(host -> {
            assertThat(host).hasNotFailed().hasSingleBean(Store.class).doesNotHaveBean(OpenedStore.class);
            TaskId id = host.getBean(Architect.class)
                    .submit(TaskRequest.of("echo", "hello").withDelay(Duration.ofHours(1)))
                    .id();
            assertThat(host.getBean(Store.class).tasks().find(id)).isPresent();
        });
    }

    @Test
    void usesTheRouterOfTheHost() {
        Hosts.inMemory()
                .withUserConfiguration(OwnRouter.class)
                .run(host -> assertThat(host)
                        .hasNotFailed()
                        .hasSingleBean(Router.Factory.class)
                        .doesNotHaveBean(RoutingPolicy.class));
    }

    @Test
    void usesThePolicyOfTheHost() {
        Hosts.inMemory()
                .withUserConfiguration(OwnPolicy.class)
                .run(host -> assertThat(host)
                        .hasNotFailed()
                        .hasSingleBean(RoutingPolicy.class)
                        .hasSingleBean(Router.Factory.class)
                        .hasBean("ownPolicy"));
    }

    @Test
    void takesKeysFromTheSecretsOfTheHost() {
        Hosts.inMemory().withUserConfiguration(OwnSecrets.class).run(host -> {
            assertThat(host).hasNotFailed().hasSingleBean(SecretSource.class);
            assertThat(ProviderPropertiesTest.providers(host)).containsExactly("openai");
        });
    }

    @Test
    void tellsListenersThatAreBeans() {
        Hosts.inMemory()
                .withUserConfiguration(Hosts.Echo.class, Listening.class)
                .run(host -> {
                    host.getBean(Architect.class)
                            .submit(TaskRequest.of("echo", "x"))
                            .await(WAIT);
                    List<Event> events = host.getBean(Listening.class).events;
                    host.close();
                    assertThat(events)
                            .anyMatch(Event.TaskSubmitted.class::isInstance)
                            .anyMatch(Event.TaskStarted.class::isInstance);
                });
    }

    @Test
    void letsTheHostChangeTheBuilder() {
        Hosts.inMemory()
                .withUserConfiguration(Hosts.Echo.class)
                .withBean(
                        ArchitectBuilderCustomizer.class,
                        () -> builder -> builder.worker(new TypedWorker("added", context -> "by a customizer")))
                .run(host -> assertThat(host.getBean(Architect.class)
                                .submit(TaskRequest.of("added", ""))
                                .await(WAIT)
                                .output())
                        .contains("by a customizer"));
    }

    @Test
    void aWorkerMaySubmitTasksItself() {
        Hosts.inMemory().withUserConfiguration(Chained.class).run(host -> {
            assertThat(host).hasNotFailed();
            Architect architect = host.getBean(Architect.class);
            String second = architect
                    .submit(TaskRequest.of("first", ""))
                    .await(WAIT)
                    .output()
                    .orElseThrow();

            assertThat(architect
                            .tasks()
                            .handle(TaskId.parse(second))
                            .orElseThrow()
                            .await(WAIT)
                            .output())
                    .contains("second");
        });
    }

    @Test
    void twoWorkersOfOneTypeAreAClearMistake() {
        Hosts.inMemory()
                .withUserConfiguration(Hosts.Echo.class)
                .withBean("again", Worker.class, () -> new TypedWorker("echo", context -> ""))
                .run(host -> assertThat(host)
                        .getFailure()
                        .rootCause()
                        .hasMessage("task type 'echo' has two workers, expected one for each type"));
    }

    @Test
    void aNodeThatPerformsNoTasksSubmitsThem() {
        Hosts.inMemory()
                .withUserConfiguration(Hosts.Echo.class)
                .withPropertyValues("architect.tasks.perform=false")
                .run(host -> {
                    Architect architect = host.getBean(Architect.class);
                    assertThat(architect.sessions().isPaused()).isTrue();
                    assertThat(architect.submit(TaskRequest.of("echo", "x")).result())
                            .isEmpty();
                });
    }

    @Test
    void closesWhatItOpenedWithTheContext() {
        Hosts.inMemory().run(host -> {
            Architect architect = host.getBean(Architect.class);
            Store store = host.getBean(Store.class);
            host.close();

            assertThat(architect.sessions().isPaused()).isTrue();
            assertThatThrownBy(() -> architect.submit(TaskRequest.prompt("x")))
                    .hasMessage("Architect is closed, expected open");
            assertThatThrownBy(() -> store.nodes().aliveCount()).isInstanceOf(StoreException.class);
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnArchitect {

        @Bean(destroyMethod = "close")
        Architect own() {
            return Architect.builder()
                    .store(new InMemoryStore(TimeSource.system()))
                    .router(CostAwareRouter.with(RoutingPolicy.standard()))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnStore {

        @Bean
        InMemoryStore own() {
            return new InMemoryStore(TimeSource.system());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRouter {

        @Bean
        Router.Factory own() {
            return CostAwareRouter.with(RoutingPolicy.standard());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnPolicy {

        @Bean
        RoutingPolicy ownPolicy() {
            return RoutingPolicy.standard();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnSecrets {

        @Bean
        SecretSource own() {
            return name -> Optional.of("k").filter(key -> name.equals("OPENAI_API_KEY"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {

        final List<Event> events = new CopyOnWriteArrayList<>();

        @Bean
        EventListener listener() {
            return events::add;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Chained {

        @Bean
        Worker first(ObjectProvider<Architect> architect) {
            return new TypedWorker(
                    "first",
                    context -> architect
                            .getObject()
                            .submit(TaskRequest.of("second", ""))
                            .id()
                            .toString());
        }

        @Bean
        Worker second() {
            return new TypedWorker("second", context -> "second");
        }
    }
}
