package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.record.RecordStore;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Router;
import dev.architect.spi.Store;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.step.StepStore;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskRequest;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.time.ThreadEnds;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an Architect owns, and what becomes of it when building, closing or a listener fails. */
final class ArchitectLifecycleTest {

    private static final StoreException DISK_FULL =
            new StoreException(StoreException.Kind.FULL, "the disk is full", null);

    private final List<String> closed = new ArrayList<>();
    private final ScriptedProvider provider = ScriptedProvider.named("openai");
    private Set<Thread> threadsBefore = Set.of();

    @BeforeEach
    void rememberThreads() {
        threadsBefore = Thread.getAllStackTraces().keySet();
    }

    @Test
    void closesTheStoreAndTheProvidersWhenTwoWorkersNameOneTaskType() {
        ArchitectBuilder builder = builder(store(false))
                .router((providers, time) -> router(providers, false))
                .worker(new NoOp())
                .worker(new NoOp());

        assertThatThrownBy(builder::build).hasMessage("task type 'noop' has two workers, expected one for each type");

        assertThat(closed).containsExactly("store");
        assertNothingIsOpen();
    }

    @Test
    void closesTheProvidersWhenTheStoreIsMissing() {
        ArchitectBuilder builder = Architect.builder().provider(provider);

        assertThatThrownBy(builder::build).hasMessage("store is missing, expected a call of store(...)");

        assertNothingIsOpen();
    }

    @Test
    void closesWhatIsOpenWhenTheRouterFactoryFails() {
        ArchitectBuilder builder = builder(store(false)).router((providers, time) -> {
            throw new IllegalArgumentException("no such model");
        });

        assertThatThrownBy(builder::build).hasMessage("no such model");

        assertThat(closed).containsExactly("store");
        assertNothingIsOpen();
    }

    @Test
    void closesTheRouterAndTheStoreWhenTheNodeCannotJoin() {
        ArchitectBuilder builder = builder(store(true)).router((providers, time) -> router(providers, false));

        assertThatThrownBy(builder::build).isSameAs(DISK_FULL);

        assertThat(closed).containsExactly("router", "store");
        assertNothingIsOpen();
    }

    @Test
    void closesWhatWasAddedWhenACallOfTheChainFails() {
        ScriptedProvider twin = ScriptedProvider.named("openai");

        assertThatThrownBy(() -> builder(store(false)).provider(twin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was added twice");
        assertThatThrownBy(() -> builder(store(false)).nodeName(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder(store(false)).maxAsyncRequests(0))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(closed).containsExactly("store", "store", "store");
        assertThat(twin.isClosed()).isTrue();
        assertNothingIsOpen();
    }

    @Test
    void aCallThatFailsAfterTheBuildClosesNothing() {
        ArchitectBuilder builder = builder(store(false)).router((providers, time) -> router(providers, false));
        try (Architect architect = builder.build()) {
            assertThatThrownBy(() -> builder.nodeName(" ")).isInstanceOf(IllegalArgumentException.class);

            assertThat(closed).isEmpty();
            assertThat(architect.tasks().counts()).isEmpty();
        }
    }

    @Test
    void suppressesWhatFailsWhileItCloses() {
        ArchitectBuilder builder = builder(store(true)).router((providers, time) -> router(providers, true));

        assertThatThrownBy(builder::build)
                .isSameAs(DISK_FULL)
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .contains("the router is stuck"));

        assertThat(closed).containsExactly("router", "store");
    }

    @Test
    void buildsOnce() {
        ArchitectBuilder builder = builder(store(false)).router((providers, time) -> router(providers, false));
        builder.build().close();

        assertThatThrownBy(builder::build)
                .hasMessage("build() was called twice, or after a call that failed, expected once");

        assertThat(closed).containsExactly("router", "store");
    }

    @Test
    void closesTheStoreWhenTheRouterCannotBeClosed() {
        Architect architect = builder(store(false))
                .router((providers, time) -> router(providers, true))
                .build();

        assertThatThrownBy(architect::close).hasMessage("the router is stuck");

        assertThat(closed).containsExactly("router", "store");
        assertNoThreadIsLeft();
    }

    @Test
    void deliversEventsToTheNextListenerWhenOneThrowsAnError() throws Exception {
        List<Event> received = new ArrayList<>();
        try (Architect architect = builder(store(false))
                .router((providers, time) -> router(providers, false))
                .worker(new NoOp())
                .listener(event -> {
                    throw new NoClassDefFoundError("absent/Metrics");
                })
                .listener(event -> {
                    synchronized (received) {
                        received.add(event);
                    }
                })
                .build()) {
            assertThat(architect
                            .submit(TaskRequest.of("noop", ""))
                            .await(Duration.ofSeconds(60))
                            .isDone())
                    .isTrue();
        }

        assertThat(received).hasAtLeastOneElementOfType(Event.TaskEnded.class);
        assertThat(received).hasAtLeastOneElementOfType(Event.NodeLeft.class);
    }

    private ArchitectBuilder builder(Store store) {
        return Architect.builder().store(store).provider(provider);
    }

    private void assertNothingIsOpen() {
        assertThat(provider.isClosed()).isTrue();
        assertNoThreadIsLeft();
    }

    @Test
    void aHostThatDoesNotListenHasNoThreadForEvents() {
        ArchitectBuilder builder = builder(store(false)).router((providers, time) -> router(providers, false));
        try (Architect architect = builder.build()) {
            assertThat(architect).isNotNull();
            assertThat(ownThreads()).isNotEmpty().noneMatch(name -> name.startsWith("architect-events-"));
        }
    }

    private List<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(this::isOwn)
                .map(Thread::getName)
                .toList();
    }

    private boolean isOwn(Thread thread) {
        return !threadsBefore.contains(thread) && thread.getName().startsWith("architect-");
    }

    private void assertNoThreadIsLeft() {
        assertThat(ThreadEnds.await(this::isOwn)).extracting(Thread::getName).isEmpty();
    }

    private Store store(boolean broken) {
        InMemoryStore store = new InMemoryStore(TimeSource.system());
        return new Store() {
            @Override
            public TaskStore tasks() {
                return store.tasks();
            }

            @Override
            public LaneStore lanes() {
                return store.lanes();
            }

            @Override
            public StepStore steps() {
                return store.steps();
            }

            @Override
            public NodeStore nodes() {
                return broken ? broken(NodeStore.class) : store.nodes();
            }

            @Override
            public ClusterStore cluster() {
                return store.cluster();
            }

            @Override
            public LedgerStore ledger() {
                return store.ledger();
            }

            @Override
            public Subscription subscribe(ChangeListener listener) {
                return store.subscribe(listener);
            }

            @Override
            public ActivityStore activity() {
                return store.activity();
            }

            @Override
            public RecordStore records() {
                return store.records();
            }

            @Override
            public void close() {
                closed.add("store");
                store.close();
            }
        };
    }

    private static <T> T broken(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw DISK_FULL;
                }));
    }

    private Router router(List<ModelProvider> providers, boolean stuck) {
        return (Router) Proxy.newProxyInstance(
                Router.class.getClassLoader(), new Class<?>[] {Router.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("freeCalls")) {
                        return Integer.MAX_VALUE;
                    }
                    if (method.getName().equals("listen")) {
                        return null;
                    }
                    if (method.getName().equals("control")) {
                        return Optional.empty();
                    }
                    if (!method.getName().equals("close")) {
                        throw new IllegalStateException("a request was made, expected none");
                    }
                    closed.add("router");
                    providers.forEach(ModelProvider::close);
                    if (stuck) {
                        throw new IllegalStateException("the router is stuck");
                    }
                    return null;
                });
    }

    private static final class NoOp implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("noop");
        }

        @Override
        public String perform(TaskContext context) {
            return "";
        }
    }
}
