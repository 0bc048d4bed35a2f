using System.Numerics;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Where the rows and blocks of a packed convolution lie, and how its weight polynomials fall into parts: w = Σ X^k·v_k(X^r).
/// The transform of v(X^r) has N/r distinct values, each r times; that of X^k is public. So w's takes Parts transforms of N/r
/// elements and Parts − 1 products, instead of one transform of N.
/// </summary>
/// <param name="RowPitch">Coefficients from one row of a window to the next.</param>
/// <param name="BlockSize">Coefficients from one channel to the next.</param>
/// <param name="Repetition">r, a power of two that divides both.</param>
/// <param name="Parts">How many v_k there are; 1 where r is 1.</param>
internal readonly record struct WeightLayout(int RowPitch, int BlockSize, int Repetition, int Parts)
{
    /// <summary>The least r for each part at which parts cost less than the whole.</summary>
    private const int RepetitionPerPart = 4;

    /// <summary>The layout of the largest r whose blocks have at most so many coefficients.</summary>
    public static WeightLayout Best(int windowHeight, int windowWidth, PolyphaseView view, int largestBlock)
    {
        // One row of tap offsets puts no constraint on where the others lie.
        var pitched = view.ExtentHeight > 1;
        var parts = view.ExtentWidth;
        for (var r = (int)BitOperations.RoundUpToPowerOf2((uint)largestBlock + 1) / 2; r > 1; r /= 2)
        {
            var pitch = pitched ? RoundUp(windowWidth, r) : windowWidth;
            var block = RoundUp(((windowHeight - 1) * pitch) + windowWidth, r);
            if (block <= largestBlock && (parts == 1 || r >= RepetitionPerPart * parts))
                return new WeightLayout(pitch, block, r, parts);
        }

        return new WeightLayout(windowWidth, windowHeight * windowWidth, 1, 1);
    }

    /// <summary>The index of a coefficient among those of the parts, part after part.</summary>
    /// <param name="rowStart">Of the coefficient's row of taps; a multiple of r.</param>
    /// <param name="column">The tap's column.</param>
    /// <param name="degree">N.</param>
    public int IndexOf(int rowStart, int column, int degree)
        => Parts == 1 ? (rowStart + column) / Repetition : (column * (degree / Repetition)) + (rowStart / Repetition);

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
