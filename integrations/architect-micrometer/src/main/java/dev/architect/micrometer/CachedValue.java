package dev.architect.micrometer;

import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is read anew when it is older than some time. Safe for use by several threads. */
final class CachedValue<T> implements Supplier<T> {

    private final Supplier<T> source;
    private final TimeSource time;
    private final long maxAgeNanos;
    private volatile @Nullable Entry<T> last;

    CachedValue(Supplier<T> source, TimeSource time, Duration maxAge) {
        this.source = source;
        this.time = time;
        this.maxAgeNanos = maxAge.toNanos();
    }

    /** Two threads may read the source at once; both values are fresh. */
    @Override
    public T get() {
        Entry<T> known = last;
        if (known != null && time.nanoTime() - known.atNanos < maxAgeNanos) {
            return known.value;
        }
        Entry<T> fresh = new Entry<>(source.get(), time.nanoTime());
        last = fresh;
        return fresh.value;
    }

    private record Entry<T>(T value, long atNanos) {}
}
