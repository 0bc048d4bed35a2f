namespace PrivateInference.Frontend.Data;

/// <summary>Undoes the row filters of PNG (specification, section 9).</summary>
internal static class PngFilters
{
    /// <summary>Restores a row in place.</summary>
    /// <param name="filter">The row's filter byte.</param>
    /// <param name="row">The filtered row.</param>
    /// <param name="above">The restored row above it; zeros above the first.</param>
    /// <param name="pixelSize">Bytes between a byte and its left neighbour.</param>
    /// <exception cref="DataFormatException">There is no such filter.</exception>
    public static void Restore(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelSize)
    {
        if (filter > 4)
            throw new DataFormatException($"the image data has a row filter {filter}, which does not exist.");
        if (filter == 0)
            return;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < pixelSize ? 0 : row[i - pixelSize], upperLeft = i < pixelSize ? 0 : above[i - pixelSize];
            row[i] += filter switch
            {
                1 => (byte)left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                _ => Paeth(left, above[i], upperLeft),
            };
        }
    }

    /// <summary>The neighbour that is nearest to left + above − upperLeft; ties go to left, then above.</summary>
    private static byte Paeth(int left, int above, int upperLeft)
    {
        int estimate = left + above - upperLeft;
        int toLeft = Math.Abs(estimate - left), toAbove = Math.Abs(estimate - above), toUpperLeft = Math.Abs(estimate - upperLeft);
        if (toLeft <= toAbove && toLeft <= toUpperLeft)
            return (byte)left;
        return (byte)(toAbove <= toUpperLeft ? above : upperLeft);
    }
}
