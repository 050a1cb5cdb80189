/**
 * Results of benchmarks and training as pages with charts.
 */
@NullMarked
package dev.lanewise.reports;

import org.jspecify.annotations.NullMarked;
