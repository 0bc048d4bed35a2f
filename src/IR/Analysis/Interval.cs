namespace PrivateInference.IR.Analysis;

/// <summary>A closed interval of real numbers, which may be unbounded on either side.</summary>
public readonly record struct Interval(double Minimum, double Maximum)
{
    /// <summary>All real numbers.</summary>
    public static Interval Unbounded { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public static Interval NonNegative { get; } = new(0, double.PositiveInfinity);

    public double Magnitude => Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));

    public static Interval Point(double value) => new(value, value);

    /// <summary>Whether every number of <paramref name="other"/> is in this interval.</summary>
    public bool Contains(Interval other) => Minimum <= other.Minimum && other.Maximum <= Maximum;

    public Interval Hull(Interval other) => new(Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));

    /// <summary>Pushes both ends out by (margin − 1) times the largest magnitude.</summary>
    public Interval Widen(double margin)
    {
        double slack = (margin - 1) * Magnitude;
        return new Interval(Minimum - slack, Maximum + slack);
    }

    /// <summary>The common part; this interval itself where there is none, which only rounding can cause.</summary>
    public Interval Intersect(Interval other)
    {
        Interval common = new(Math.Max(Minimum, other.Minimum), Math.Min(Maximum, other.Maximum));
        return common.Minimum <= common.Maximum ? common : this;
    }

    public Interval Clamp(double lower, double upper) => new(Math.Clamp(Minimum, lower, upper), Math.Clamp(Maximum, lower, upper));

    /// <summary>The smallest enclosing interval whose ends have four significant bits.</summary>
    public Interval RoundOutwards() => new(0 - RoundUp(-Minimum), RoundUp(Maximum));

    /// <summary>The smallest number of four significant bits that is not below <paramref name="x"/>.</summary>
    public static double RoundUp(double x)
    {
        if (x == 0)
            return 0;
        int exponent = Math.ILogB(x) - 3;
        return Math.ScaleB(Math.Ceiling(Math.ScaleB(x, -exponent)), exponent);
    }

    public static Interval operator +(Interval left, Interval right) => new(left.Minimum + right.Minimum, left.Maximum + right.Maximum);

    public static Interval operator -(Interval left, Interval right) => new(left.Minimum - right.Maximum, left.Maximum - right.Minimum);

    public static Interval operator *(double factor, Interval interval) => factor >= 0
        ? new Interval(Product(factor, interval.Minimum), Product(factor, interval.Maximum))
        : new Interval(Product(factor, interval.Maximum), Product(factor, interval.Minimum));

    public static Interval operator *(Interval left, Interval right) => (left.Minimum * right).Hull(left.Maximum * right);

    /// <summary>Nothing of an unbounded value is nothing.</summary>
    private static double Product(double factor, double bound) => factor == 0 || bound == 0 ? 0 : factor * bound;
}
