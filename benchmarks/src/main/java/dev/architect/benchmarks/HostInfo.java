package dev.architect.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Facts about the machine, on which a figure depends besides the code. */
public final class HostInfo {

    private static final int SYNCS = 200;
    private static final int PAGE_BYTES = 4_096;

    private HostInfo() {}

    /** Returns the facts, for {@link MeasurementReport#machine}. */
    public static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cpu", cpu());
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("memoryMib", memoryBytes() >> 20);
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("maxHeapMib", Runtime.getRuntime().maxMemory() >> 20);
        // Above the number of cores, something else ran too, and the figures are worth little.
        facts.put(
                "loadAverageAtStart",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return facts;
    }

    /** Returns the facts, among them how long the disk of {@code directory} takes for a commit. */
    public static Map<String, Object> factsWithDisk(Path directory) {
        Map<String, Object> facts = facts();
        facts.put("fsyncMicrosMedian", Math.round(commitMicros(directory)));
        return facts;
    }

    /** Returns how long the disk of {@code directory} takes for a commit, in microseconds: the median of some. */
    public static double commitMicros(Path directory) {
        return fsyncMicros(directory).median();
    }

    private static long memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /** Returns the times of single page writes, each forced to the disk, in microseconds. */
    static Quantiles fsyncMicros(Path directory) {
        Path file = directory.resolve("fsync.probe");
        double[] micros = new double[SYNCS];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
            for (int i = 0; i < SYNCS; i++) {
                page.clear();
                long before = System.nanoTime();
                channel.write(page, (long) i * PAGE_BYTES);
                channel.force(false);
                micros[i] = (System.nanoTime() - before) / 1e3;
            }
            Files.delete(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Quantiles.of(micros);
    }

    /** Returns the version that a jar carries in its Maven properties. */
    public static String version(Class<?> type, String group, String artifact) {
        String path = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream in = type.getResourceAsStream(path)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String cpu() {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(info)) {
            Optional<String> model =
                    lines.filter(line -> line.startsWith("model name")).findFirst();
            return model.map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
