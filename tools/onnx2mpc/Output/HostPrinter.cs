using System.Globalization;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.CommandLine.Output;

/// <summary>A host's speed as rates.</summary>
internal static class HostPrinter
{
    public static void Print(HostProfile host, string path)
    {
        Console.WriteLine($"host {host.Name}, one core");
        foreach ((Primitive primitive, double nanoseconds) in host.Nanoseconds)
            Console.WriteLine($"{primitive,-20}{nanoseconds.ToString("#,0.000", CultureInfo.InvariantCulture),16} ns{Rate(nanoseconds),16}");
        Console.WriteLine($"wrote {path}");
    }

    private static string Rate(double nanoseconds)
    {
        double perSecond = 1e9 / nanoseconds;
        return perSecond >= 1e6
            ? string.Create(CultureInfo.InvariantCulture, $"{perSecond / 1e6:0.0} M/s")
            : string.Create(CultureInfo.InvariantCulture, $"{perSecond:0} /s");
    }
}
