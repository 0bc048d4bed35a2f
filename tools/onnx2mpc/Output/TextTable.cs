namespace PrivateInference.CommandLine.Output;

/// <summary>Rows of cells as aligned columns.</summary>
internal static class TextTable
{
    /// <param name="rows">The header first; all of one length.</param>
    /// <param name="textColumns">Columns of text; they come first and are aligned to the left.</param>
    public static void Print(IReadOnlyList<string[]> rows, int textColumns)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows)
            Console.WriteLine(string.Join("  ", row.Select((cell, c) => c < textColumns ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))));
    }
}
