package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.cluster.LoopbackTransport;
import dev.architect.testkit.cluster.TransportFaults;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Stores around another one: what a store may offer or not must not get lost on the way. */
final class ClusteredStoreTest {

    private final ManualTime time = new ManualTime();
    private final InMemoryStore memory = new InMemoryStore(time);

    /** Those that a store may leave out, so that the compiler misses none. */
    private static List<Method> optionalParts() {
        return Arrays.stream(Store.class.getMethods())
                .filter(Method::isDefault)
                .filter(method -> method.getParameterCount() == 0)
                .toList();
    }

    @Test
    void theStoreOfAClusterOffersWhatItsStoreDoes() throws ReflectiveOperationException {
        assertThat(optionalParts()).extracting(Method::getName).contains("budgets", "quotas", "shards", "description");
        try (Cluster cluster = Cluster.builder(memory).time(time).build()) {
            for (Method part : optionalParts()) {
                assertThat(part.invoke(cluster.store())).as(part.getName()).isEqualTo(part.invoke(memory));
            }
        }
    }

    @Test
    void aStoreIsToldWhetherHintsGoBesideItsAnnouncements() {
        LoopbackTransport.Hub hub =
                new LoopbackTransport.Hub(TransportFaults.builder(1).build());
        assertThat(hinted(builder -> builder)).containsExactly(false);
        assertThat(hinted(
                        builder -> builder.transport(new LoopbackTransport(hub)).nodeName("a")))
                .containsExactly(true);
        assertThat(hinted(builder -> builder.transport(new LoopbackTransport(hub))
                        .nodeName("b")
                        .hints(false)))
                .containsExactly(false);
    }

    private List<Boolean> hinted(UnaryOperator<ClusterBuilder> with) {
        List<Boolean> stated = new ArrayList<>();
        Store noting = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("changesAreHinted")) {
                        stated.add((Boolean) arguments[0]);
                    }
                    return method.getName().equals("close") ? null : method.invoke(memory, arguments);
                });
        with.apply(Cluster.builder(noting).time(time)).build().close();
        return stated;
    }

    @Test
    void aFaultyStoreOffersWhatItsStoreDoes() throws ReflectiveOperationException {
        FaultyStore faulty = new FaultyStore(memory);
        for (Method part : optionalParts()) {
            Object offered = part.invoke(memory);
            if (offered instanceof Optional<?> optional) {
                assertThat(((Optional<?>) part.invoke(faulty)).isPresent())
                        .as(part.getName())
                        .isEqualTo(optional.isPresent());
            } else {
                assertThat(part.invoke(faulty)).as(part.getName()).isEqualTo(offered);
            }
        }
    }
}
