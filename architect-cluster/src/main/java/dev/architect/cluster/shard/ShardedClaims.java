package dev.architect.cluster.shard;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.cluster.shard.StoreGroup.Answer;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneShare;
import dev.architect.spi.TaskStore;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Claims from all stores, and their ends. The engine knows the incarnation of the first store; each store knows its own. What was
 * claimed where is remembered until it has ended. Safe for use by several threads.
 */
final class ShardedClaims {

    /** Each level costs one step of aging, as in a store by itself. */
    private static final Comparator<ClaimedTask> SERVING_ORDER = Comparator.<ClaimedTask, Duration>comparing(
                    task -> TaskStore.AGING
                            .multipliedBy(task.request().priority().level())
                            .minus(task.waited()))
            .thenComparing(task -> task.fencingToken().id());

    private static final int ROUNDS = 4;

    private final StoreGroup group;
    private final ShardedNodes nodes;
    private final Map<FencingToken, Origin> held = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();

    /** Where a task was claimed, and by which incarnation there. */
    private record Origin(GroupMember member, long local) {}

    ShardedClaims(StoreGroup group, ShardedNodes nodes) {
        this.group = group;
        this.nodes = nodes;
    }

    List<ClaimedTask> claim(ClaimRequest request) {
        List<GroupMember> members = inTurn(request.incarnation());
        List<ClaimedTask> claimed = new ArrayList<>();
        RuntimeException failure = null;
        // More rounds give what one store did not need to those that had more, or were not asked.
        for (int round = 0; round < ROUNDS && !members.isEmpty() && claimed.size() < request.limit(); round++) {
            Map<GroupMember, ClaimRequest> shares = shares(members, left(request, claimed));
            List<GroupMember> next = new ArrayList<>(members);
            next.removeAll(shares.keySet());
            for (Map.Entry<GroupMember, Answer<List<ClaimedTask>>> answer : group.ask(
                            List.copyOf(shares.keySet()),
                            member -> claim(member, Optional.ofNullable(shares.get(member)), request.incarnation()))
                    .entrySet()) {
                if (!answer.getValue().isGiven()) {
                    failure = answer.getValue().failure();
                    continue;
                }
                List<ClaimedTask> given = answer.getValue().get();
                claimed.addAll(given);
                ClaimRequest share = shares.get(answer.getKey());
                if (members.size() > 1 && share != null && hasMore(share, given)) {
                    next.add(answer.getKey());
                }
            }
            members = shares.isEmpty() ? List.of() : next;
        }
        if (claimed.isEmpty() && failure != null) {
            throw failure;
        }
        claimed.sort(SERVING_ORDER);
        return withOneSuspect(claimed);
    }

    /** Each store gives at most one suspect; of those of several stores one is kept, and the others go back. */
    private List<ClaimedTask> withOneSuspect(List<ClaimedTask> claimed) {
        List<ClaimedTask> others =
                claimed.stream().filter(ShardedClaims::isSuspect).skip(1).toList();
        if (others.isEmpty()) {
            return claimed;
        }
        Instant now = group.time().wallTime();
        finish(others.stream()
                .map(task -> new AttemptEnd(
                        task.fencingToken(),
                        "",
                        now,
                        now,
                        AttemptOutcome.HANDED_BACK,
                        TaskState.READY,
                        Duration.ZERO,
                        AttemptResult.error("its node died twice, and such tasks start one at a time")))
                .toList());
        return claimed.stream().filter(task -> !others.contains(task)).toList();
    }

    private static boolean isSuspect(ClaimedTask task) {
        return task.history().crashes() >= TaskStore.MAX_CRASHES - 1;
    }

    /** Whether a store may have more than it was asked for. */
    private static boolean hasMore(ClaimRequest share, List<ClaimedTask> given) {
        if (given.size() >= share.limit()) {
            return true;
        }
        Map<String, Long> counts = given.stream()
                .collect(Collectors.groupingBy(task -> task.request().type(), Collectors.counting()));
        Map<Lane, Long> lanes =
                given.stream().collect(Collectors.groupingBy(task -> Lane.of(task.request()), Collectors.counting()));
        if (share.shares().stream()
                .anyMatch(each -> each.limit() > 0 && lanes.getOrDefault(each.lane(), 0L) >= each.limit())) {
            return true;
        }
        return counts.entrySet().stream()
                .anyMatch(count -> count.getValue() >= share.quotas().getOrDefault(count.getKey(), 0));
    }

    /** The stores that may be asked, another one first each time: it gets what cannot be divided. */
    private List<GroupMember> inTurn(long incarnation) {
        List<GroupMember> may = group.members().stream()
                .filter(member -> nodes.mayClaim(member, incarnation))
                .toList();
        if (may.isEmpty()) {
            return may;
        }
        int first = Math.floorMod(turn.getAndIncrement(), may.size());
        List<GroupMember> inTurn = new ArrayList<>(may.subList(first, may.size()));
        inTurn.addAll(may.subList(0, first));
        return inTurn;
    }

    private static ClaimRequest left(ClaimRequest request, List<ClaimedTask> claimed) {
        Map<String, Integer> quotas = new HashMap<>(request.quotas());
        claimed.forEach(task -> quotas.computeIfPresent(task.request().type(), (type, left) -> Math.max(0, left - 1)));
        boolean hasSuspect = claimed.stream().anyMatch(ShardedClaims::isSuspect);
        Map<Lane, Long> given =
                claimed.stream().collect(Collectors.groupingBy(task -> Lane.of(task.request()), Collectors.counting()));
        return new ClaimRequest(
                request.incarnation(),
                request.limit() - claimed.size(),
                quotas,
                request.takesSuspect() && !hasSuspect,
                request.shares().stream()
                        .map(share -> new LaneShare(share.lane(), (int)
                                Math.max(0, share.limit() - given.getOrDefault(share.lane(), 0L))))
                        .toList(),
                request.withheld(),
                request.pinned());
    }

    /** How many tasks each store may give in one round. */
    private static Map<GroupMember, ClaimRequest> shares(List<GroupMember> members, ClaimRequest request) {
        Map<GroupMember, ClaimRequest> shares = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            int part = i;
            int limit = part(request.limit(), part, members.size());
            Map<String, Integer> quotas = request.quotas().entrySet().stream()
                    .collect(
                            Collectors.toMap(Map.Entry::getKey, quota -> part(quota.getValue(), part, members.size())));
            ClaimRequest own = new ClaimRequest(
                    request.incarnation(),
                    limit,
                    quotas,
                    request.takesSuspect(),
                    request.shares().stream()
                            .map(share -> new LaneShare(share.lane(), part(share.limit(), part, members.size())))
                            .toList(),
                    request.withheld(),
                    request.pinned());
            if (!own.isEmpty()) {
                shares.put(members.get(i), own);
            }
        }
        return shares;
    }

    private static int part(int whole, int part, int parts) {
        return whole / parts + (part < whole % parts ? 1 : 0);
    }

    private List<ClaimedTask> claim(GroupMember member, Optional<ClaimRequest> share, long incarnation) {
        OptionalLong local = nodes.localOf(member, incarnation);
        if (share.isEmpty() || local.isEmpty()) {
            return List.of();
        }
        ClaimRequest request = share.get();
        return member
                .store()
                .tasks()
                .claim(new ClaimRequest(
                        local.getAsLong(),
                        request.limit(),
                        request.quotas(),
                        request.takesSuspect(),
                        request.shares(),
                        request.withheld(),
                        request.pinned()))
                .stream()
                .map(task -> keep(task, member, incarnation))
                .toList();
    }

    private ClaimedTask keep(ClaimedTask task, GroupMember member, long incarnation) {
        FencingToken stored = task.fencingToken();
        FencingToken token = new FencingToken(stored.id(), stored.epoch(), incarnation);
        held.put(token, new Origin(member, stored.owner()));
        return new ClaimedTask(
                token,
                task.request(),
                task.attempt(),
                task.cancelRequested(),
                task.input(),
                task.waited(),
                task.history());
    }

    /** Calls the store that an attempt belongs to, with its token there. */
    <T> T held(FencingToken token, BiFunction<GroupMember, FencingToken, T> call) {
        Origin origin = origin(token);
        requireAnswering(origin.member());
        try {
            return call.apply(origin.member(), stored(token, origin));
        } catch (StoreException failure) {
            throw StoreGroup.named(origin.member(), failure);
        }
    }

    /** Where a token belongs: to the store of its claim, or to the one that has its shard. */
    private Origin origin(FencingToken token) {
        Origin known = held.get(token);
        if (known != null) {
            return known;
        }
        GroupMember member = group.of(token.id().shard());
        return new Origin(member, nodes.ownLocalOf(member, token.owner()).orElse(0));
    }

    private static AttemptEnd of(AttemptEnd end, Origin origin) {
        return new AttemptEnd(
                stored(end.fencingToken(), origin),
                end.session(),
                end.startedAt(),
                end.endedAt(),
                end.outcome(),
                end.next(),
                end.retryAfter(),
                end.result(),
                end.basis());
    }

    private static FencingToken stored(FencingToken token, Origin origin) {
        return new FencingToken(token.id(), token.epoch(), origin.local());
    }

    Set<FencingToken> finish(List<AttemptEnd> ends) {
        Map<GroupMember, List<AttemptEnd>> parts = new LinkedHashMap<>();
        ends.forEach(end -> parts.computeIfAbsent(origin(end.fencingToken()).member(), member -> new ArrayList<>())
                .add(end));
        Set<FencingToken> finished = new HashSet<>();
        RuntimeException failure = null;
        for (Map.Entry<GroupMember, Answer<Set<FencingToken>>> answer : group.ask(
                        List.copyOf(parts.keySet()), member -> finish(member, parts.getOrDefault(member, List.of())))
                .entrySet()) {
            if (answer.getValue().isGiven()) {
                finished.addAll(answer.getValue().get());
            } else {
                failure = answer.getValue().failure();
            }
        }
        if (failure != null && parts.size() > 1) {
            // Some stores have recorded theirs; which, is found by a look at the attempts.
            throw new StoreException(
                    Kind.OUTCOME_UNKNOWN, "a store has not recorded its part: " + failure.getMessage(), failure);
        }
        if (failure != null) {
            throw failure;
        }
        return finished;
    }

    /** Fails at once where the last beat was not answered: the ends for the other stores must not wait for a timeout. */
    private void requireAnswering(GroupMember member) {
        if (!nodes.answering().contains(member)) {
            throw new StoreException(Kind.BUSY, "store '" + member.name() + "' has not answered the last beat", null);
        }
    }

    private Set<FencingToken> finish(GroupMember member, List<AttemptEnd> ends) {
        requireAnswering(member);
        List<AttemptEnd> stored =
                ends.stream().map(end -> of(end, origin(end.fencingToken()))).toList();
        Set<FencingToken> matched = member.store().tasks().finish(stored);
        Set<FencingToken> finished = new HashSet<>();
        for (int i = 0; i < ends.size(); i++) {
            FencingToken token = ends.get(i).fencingToken();
            if (matched.contains(stored.get(i).fencingToken())) {
                finished.add(token);
            }
            // Recorded now, or before, or never.
            held.remove(token);
        }
        return finished;
    }

    Set<FencingToken> cancelRequested(Collection<FencingToken> tokens) {
        Map<GroupMember, Map<FencingToken, FencingToken>> parts = new LinkedHashMap<>();
        tokens.forEach(token -> {
            Origin origin = origin(token);
            parts.computeIfAbsent(origin.member(), member -> new HashMap<>()).put(stored(token, origin), token);
        });
        Set<FencingToken> requested = new HashSet<>();
        group.askAny(
                        List.copyOf(parts.keySet()),
                        member -> member.store()
                                .tasks()
                                .cancelRequested(
                                        parts.getOrDefault(member, Map.of()).keySet()))
                .forEach((member, answer) -> answer.forEach(token -> Optional.ofNullable(
                                parts.getOrDefault(member, Map.of()).get(token))
                        .ifPresent(requested::add)));
        return requested;
    }

    /** What runs by the stores. One that cannot be reached is taken to know what was claimed there, as long as its lease lasts. */
    Set<FencingToken> runningOf(long incarnation) {
        Set<FencingToken> running = new HashSet<>();
        // Before the stores are asked: what is claimed in between is not looked at.
        Map<FencingToken, Origin> before = Map.copyOf(held);
        group.ask(group.members(), member -> {
                    requireAnswering(member);
                    OptionalLong local = nodes.localOf(member, incarnation);
                    return local.isPresent()
                            ? member.store().tasks().runningOf(local.getAsLong())
                            : Set.<FencingToken>of();
                })
                .forEach((member, answer) -> {
                    if (answer.isGiven()) {
                        answer.get().forEach(token -> {
                            FencingToken own = new FencingToken(token.id(), token.epoch(), incarnation);
                            held.putIfAbsent(own, new Origin(member, token.owner()));
                            running.add(own);
                        });
                    } else if (nodes.mayKeep(member, incarnation)) {
                        before.forEach((token, origin) -> {
                            if (origin.member().equals(member) && token.owner() == incarnation) {
                                running.add(token);
                            }
                        });
                    }
                });
        // What a store does not know any more has ended, or was fenced.
        held.keySet()
                .removeIf(
                        token -> token.owner() == incarnation && before.containsKey(token) && !running.contains(token));
        return running;
    }
}
