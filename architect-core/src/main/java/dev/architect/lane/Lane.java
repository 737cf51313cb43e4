package dev.architect.lane;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;
import dev.architect.task.AffinityBucket;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What waiting tasks share their place with: the tasks of one queue and tenant that need one kind of session. Within a lane tasks are
 * served by priority and age; between lanes the sessions are divided by weight.
 *
 * @param queue as in {@link TaskOptions#queue}
 * @param tenant as in {@link TaskOptions#tenant}
 * @param sessionKind what they need: a kind as in {@link TaskOptions#sessionKind}; of {@linkplain TaskOptions#isPinned pinned} tasks followed by
 *     {@code @} and the bucket of their key, 0 to 63: each bucket is a lane of its own, which one node claims from
 */
public record Lane(String queue, String tenant, String sessionKind) implements Comparable<Lane> {

    /** The lane of tasks that name nothing. */
    public static final Lane DEFAULT =
            new Lane(TaskOptions.DEFAULT_QUEUE, TaskOptions.DEFAULT_TENANT, TaskOptions.DEFAULT_SESSION_KIND);

    /** Separates the parts of {@link TypeInLane#text}; no queue, tenant or kind of session has it. */
    private static final char SEPARATOR = '\u001f';

    private static final int PARTS = 4;

    /** Stands between a kind of session and a bucket. */
    private static final char PIN = '@';

    private static final Pattern BUCKET = Pattern.compile("[0-9]|[1-5][0-9]|6[0-3]");

    /** Checks every field. */
    public Lane {
        TaskOptions.checkName("queue", queue);
        TaskOptions.checkName("tenant", tenant);
        checkNeeds(sessionKind);
    }

    private static void checkNeeds(String needs) {
        int end = Check.notNull("sessionKind", needs).lastIndexOf(PIN);
        TaskOptions.checkName("sessionKind", end < 0 ? needs : needs.substring(0, end));
        if (end >= 0 && !BUCKET.matcher(needs.substring(end + 1)).matches()) {
            throw new IllegalArgumentException("sessionKind is '" + JsonFields.shorten(needs)
                    + "', expected a kind, or one with @ and a number from 0 to " + (AffinityBucket.COUNT - 1));
        }
    }

    /** The kind of session that its tasks need. */
    public String kind() {
        int end = sessionKind.lastIndexOf(PIN);
        return end < 0 ? sessionKind : sessionKind.substring(0, end);
    }

    /** The bucket that its tasks are pinned by; empty when they are not. */
    public OptionalInt pin() {
        int end = sessionKind.lastIndexOf(PIN);
        return end < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(sessionKind.substring(end + 1)));
    }

    /** The lane that a task waits in. */
    public static Lane of(TaskRequest request) {
        TaskOptions options = Check.notNull("request", request).options();
        if (options.isInDefaultLane()) {
            return DEFAULT;
        }
        OptionalInt pin = options.pin();
        return new Lane(
                options.queue(),
                options.tenant(),
                pin.isEmpty() ? options.sessionKind() : options.sessionKind() + PIN + pin.getAsInt());
    }

    /**
     * One task type within a lane, which stores keep as one text: the type itself in the {@linkplain #DEFAULT default lane}.
     *
     * @param type not blank
     */
    public record TypeInLane(Lane lane, String type) {

        /** Checks every field. */
        public TypeInLane {
            Check.notNull("lane", lane);
            Check.notBlank("type", type);
        }

        /** Where a task waits. */
        public static TypeInLane of(TaskRequest request) {
            return new TypeInLane(Lane.of(request), request.type());
        }

        /** Returns the text for a store; {@link #parse} reads it. */
        public String text() {
            return lane.equals(DEFAULT) && type.indexOf(SEPARATOR) < 0
                    ? type
                    : lane.queue + SEPARATOR + lane.tenant + SEPARATOR + lane.sessionKind + SEPARATOR + type;
        }

        /**
         * Reads what {@link #text} has written.
         *
         * @throws IllegalArgumentException when it is something else
         */
        public static TypeInLane parse(String text) {
            if (Check.notNull("text", text).indexOf(SEPARATOR) < 0) {
                return new TypeInLane(DEFAULT, text);
            }
            String[] parts = text.split(String.valueOf(SEPARATOR), PARTS);
            if (parts.length < PARTS) {
                throw new IllegalArgumentException("text has " + parts.length + " parts, expected " + PARTS);
            }
            return new TypeInLane(new Lane(parts[0], parts[1], parts[2]), parts[3]);
        }
    }

    @Override
    public int compareTo(Lane other) {
        int byQueue = queue.compareTo(other.queue);
        int byTenant = byQueue != 0 ? byQueue : tenant.compareTo(other.tenant);
        return byTenant != 0 ? byTenant : sessionKind.compareTo(other.sessionKind);
    }

    /** For people: {@code queue/tenant}, with the kind of session where it is not the default one. */
    @Override
    public String toString() {
        return queue + "/" + tenant
                + (sessionKind.equals(TaskOptions.DEFAULT_SESSION_KIND) ? "" : " (" + sessionKind + ")");
    }
}
