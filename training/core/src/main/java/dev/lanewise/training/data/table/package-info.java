/**
 * Numbers to learn from: tables in files, time series, and what both need before a network sees them.
 *
 * <p>A {@link dev.lanewise.training.data.table.Table} is read from a file;
 * {@link dev.lanewise.training.data.table.Standardization} is learned from the training rows alone. A
 * {@link dev.lanewise.training.data.table.Series} is one column in the order of time, and
 * {@link dev.lanewise.training.data.table.SeriesWindows} are the examples that are made of it.
 */
@NullMarked
package dev.lanewise.training.data.table;

import org.jspecify.annotations.NullMarked;
