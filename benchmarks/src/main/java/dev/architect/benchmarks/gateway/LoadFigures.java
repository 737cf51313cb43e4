package dev.architect.benchmarks.gateway;

import dev.architect.benchmarks.Percentiles;

/**
 * What one round of load has shown.
 *
 * @param perSecond complete answers a second
 * @param whole from before a request to the end of its answer
 * @param firstToken from before a request to the first word of its answer
 */
record LoadFigures(double perSecond, Percentiles whole, Percentiles firstToken) {}
