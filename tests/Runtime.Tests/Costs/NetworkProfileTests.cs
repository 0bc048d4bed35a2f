using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Tests.Costs;

public sealed class NetworkProfileTests
{
    [Fact]
    public void Transfer_time_adds_bytes_of_each_direction_and_half_a_round_trip_a_round()
    {
        NetworkProfile network = new() { Name = "x", UploadMbps = 8, DownloadMbps = 80, RoundTripMs = 100 };
        Assert.Equal(1 + 0.1 + 0.2, network.TransferTime(1_000_000, 1_000_000, 4).TotalSeconds, 9);
    }

    [Fact]
    public void A_profile_is_read_from_a_file()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{ "name": "ship", "upload_mbps": 1, "download_mbps": 2, "round_trip_ms": 600 }""");
            Assert.Equal(new NetworkProfile { Name = "ship", UploadMbps = 1, DownloadMbps = 2, RoundTripMs = 600 }, NetworkProfile.Resolve(path));
            File.WriteAllText(path, """{ "name": "ship", "upload_mbps": 0, "download_mbps": 2, "round_trip_ms": 600 }""");
            Assert.Throws<FormatException>(() => NetworkProfile.Resolve(path));
            File.WriteAllText(path, """{ "name": "moon", "upload_mbps": 1, "download_mbps": 2, "round_trip_ms": 1e9 }""");
            Assert.Throws<FormatException>(() => NetworkProfile.Resolve(path));
            File.WriteAllText(path, "not json");
            Assert.Throws<FormatException>(() => NetworkProfile.Resolve(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Known_networks_have_names() => Assert.All(["loopback", "lan", "wan", "mobile"], name => Assert.Equal(name, NetworkProfile.Resolve(name).Name));

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
        => Assert.Contains("loopback, lan, wan, mobile", Assert.Throws<FormatException>(() => NetworkProfile.Resolve("moon")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("lan", 1000, 0.25)]
    [InlineData("wan", 100, 100)]
    [InlineData("mobile", 20, 60)]
    public void Known_networks_are_those_of_the_documentation(string name, double mbps, double roundTrip)
        => Assert.Equal(new NetworkProfile { Name = name, UploadMbps = mbps, DownloadMbps = mbps, RoundTripMs = roundTrip }, NetworkProfile.Resolve(name));
}
