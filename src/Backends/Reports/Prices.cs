namespace PrivateInference.Backends.Reports;

/// <summary>What the server's operator pays, in whatever currency; the defaults are of the order of public clouds' list prices in US dollars.</summary>
/// <param name="PerGigabyte">For 10^9 bytes that leave the server.</param>
/// <param name="PerCoreHour">For a core of the server, an hour.</param>
/// <param name="PerGigabyteMonth">For 10^9 bytes of prepared material, kept for 30 days.</param>
public sealed record Prices(double PerGigabyte = 0.09, double PerCoreHour = 0.05, double PerGigabyteMonth = 0.1);
