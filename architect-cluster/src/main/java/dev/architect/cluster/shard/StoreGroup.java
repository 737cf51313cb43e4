package dev.architect.cluster.shard;

import dev.architect.error.StoreException;
import dev.architect.shard.ShardNotServedException;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.ShardPlace;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stores of a group, the map of their shards, and calls to several of them. Safe for use by several threads. */
final class StoreGroup {

    private static final Logger LOG = LoggerFactory.getLogger(StoreGroup.class);

    /** How long to wait before a shard is asked for again that is on its way. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<GroupMember> members;
    private final ShardMaps maps;
    private final TimeSource time;
    private final ThreadRunner runner;
    private final Duration patience;

    StoreGroup(List<GroupMember> members, ShardMaps maps, TimeSource time, ThreadRunner runner, Duration patience) {
        this.members = List.copyOf(members);
        this.maps = maps;
        this.time = time;
        this.runner = runner;
        this.patience = patience;
    }

    /** What a store answered, or why it did not. */
    record Answer<T>(@Nullable T value, @Nullable RuntimeException failure) {

        static <T> Answer<T> of(Function<GroupMember, T> call, GroupMember member) {
            try {
                return new Answer<>(call.apply(member), null);
            } catch (RuntimeException failed) {
                return new Answer<>(null, failed);
            }
        }

        boolean isGiven() {
            return failure == null;
        }

        /** The value, or the failure as it was thrown. */
        T get() {
            if (failure != null) {
                throw failure;
            }
            // No call to a store answers null.
            return Objects.requireNonNull(value);
        }
    }

    List<GroupMember> members() {
        return members;
    }

    GroupMember member(int number) {
        return members.get(number);
    }

    GroupMember first() {
        return members.get(0);
    }

    ShardMaps maps() {
        return maps;
    }

    TimeSource time() {
        return time;
    }

    /** The store that has a shard, as far as this process knows. */
    GroupMember of(int shard) {
        return member(maps.known().place(shard).store());
    }

    /** The stores in which a task of a shard may be, the likeliest first. */
    List<GroupMember> readersOf(int shard) {
        ShardMap map = maps.known();
        Set<GroupMember> readers = new LinkedHashSet<>();
        readers.add(member(map.place(shard).store()));
        map.move(shard).ifPresent(move -> {
            readers.add(member(move.to()));
            readers.add(member(move.from()));
        });
        return List.copyOf(readers);
    }

    /** Asks stores at the same time, and returns all answers. */
    <T> Map<GroupMember, Answer<T>> ask(List<GroupMember> asked, Function<GroupMember, T> call) {
        Map<GroupMember, CompletableFuture<Answer<T>>> pending = new LinkedHashMap<>();
        for (GroupMember member : asked.subList(Math.min(1, asked.size()), asked.size())) {
            CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
            pending.put(member, answer);
            start(member, call, answer);
        }
        Map<GroupMember, Answer<T>> answers = new LinkedHashMap<>();
        if (!asked.isEmpty()) {
            answers.put(asked.get(0), Answer.of(call, asked.get(0)));
        }
        pending.forEach((member, answer) -> answers.put(member, answer.join()));
        return answers;
    }

    private <T> void start(GroupMember member, Function<GroupMember, T> call, CompletableFuture<Answer<T>> answer) {
        Runnable work = () -> {
            try {
                answer.complete(Answer.of(call, member));
            } catch (Throwable error) {
                answer.completeExceptionally(error);
                throw error;
            }
        };
        try {
            runner.run("store", work, answer::completeExceptionally);
        } catch (RuntimeException | Error noThread) {
            // Then one after the other.
            answer.complete(Answer.of(call, member));
        }
    }

    /** Asks stores at the same time, and returns the answers that come within {@code limit}; those that come later are dropped. */
    <T> Map<GroupMember, Answer<T>> askWithin(Duration limit, List<GroupMember> asked, Function<GroupMember, T> call) {
        Map<GroupMember, CompletableFuture<Answer<T>>> pending = new LinkedHashMap<>();
        for (GroupMember member : asked) {
            CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
            pending.put(member, answer);
            start(member, call, answer);
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(pending.values().toArray(new CompletableFuture<?>[0]));
        try {
            all.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException slow) {
            LOG.debug("not all stores have answered within {}", limit, slow);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        Map<GroupMember, Answer<T>> answers = new LinkedHashMap<>();
        pending.forEach((member, answer) -> {
            if (answer.isDone() && !answer.isCompletedExceptionally()) {
                answers.put(member, answer.join());
            }
        });
        return answers;
    }

    /** Asks stores for what is asked again soon: those that cannot be reached are passed over, and it fails only when all of them do. */
    <T> Map<GroupMember, T> askAny(List<GroupMember> asked, Function<GroupMember, T> call) {
        Map<GroupMember, T> values = new LinkedHashMap<>();
        RuntimeException failure = null;
        for (Map.Entry<GroupMember, Answer<T>> answer : ask(asked, call).entrySet()) {
            if (answer.getValue().isGiven()) {
                values.put(answer.getKey(), answer.getValue().get());
            } else {
                failure = answer.getValue().failure();
            }
        }
        if (values.isEmpty() && failure != null) {
            throw failure;
        }
        return values;
    }

    /** Asks all stores, and fails when one of them does. */
    <T> List<T> askAll(Function<GroupMember, T> call) {
        List<T> values = new ArrayList<>();
        ask(members, call).forEach((member, answer) -> values.add(named(member, answer)));
        return values;
    }

    /** The answer of a store, or its failure with the name of the store. */
    static <T> T named(GroupMember member, Answer<T> answer) {
        if (answer.failure() instanceof StoreException failure) {
            throw named(member, failure);
        }
        return answer.get();
    }

    static StoreException named(GroupMember member, StoreException failure) {
        return new StoreException(failure.kind(), "store '" + member.name() + "': " + failure.getMessage(), failure);
    }

    /**
     * Changes something of a shard in the store that has it. While the shard is on its way, it is tried again for a time.
     *
     * @param didNothing whether a result may come from a task that is out of reach
     * @throws ShardNotServedException when the shard is still on its way after that time
     */
    <T> T change(int shard, Function<GroupMember, T> call, Predicate<T> didNothing) {
        long deadline = time.nanoTime() + patience.toNanos();
        while (true) {
            GroupMember member = of(shard);
            ShardNotServedException refused;
            try {
                T result = call.apply(member);
                if (!didNothing.test(result)) {
                    return result;
                }
                ShardMap map = maps.refresh();
                if (map.place(shard).store() == member.number()
                        && map.move(shard).isEmpty()) {
                    return result;
                }
                refused = new ShardNotServedException(shard, map.place(shard).epoch(), "is being moved");
            } catch (ShardNotServedException notHere) {
                refused = notHere;
                maps.refresh();
                if (serves(shard)) {
                    continue;
                }
            } catch (StoreException failure) {
                throw named(member, failure);
            }
            if (time.nanoTime() - deadline >= 0 || !pauses()) {
                throw refused;
            }
        }
    }

    /**
     * Completes a release: the map gives the shard to a store that does not serve it yet, because the process that moved it ended in between. Returns
     * whether it did something.
     */
    boolean serves(int shard) {
        ShardMap.Place place = maps.known().place(shard);
        GroupMember member = member(place.store());
        ShardPlace stored = member.shards().places().get(shard);
        if (stored.phase() == ShardPhase.ARRIVING && stored.epoch() == place.epoch()) {
            LOG.info("store '{}' serves shard {} from now on", member.name(), shard);
            member.shards().set(shard, place.epoch(), ShardPhase.SERVED);
            return true;
        }
        return false;
    }

    private boolean pauses() {
        try {
            time.sleep(PAUSE);
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
