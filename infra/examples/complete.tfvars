# A locked-down project on a shared VPC, with a key of its own and the streaming job. It names every variable;
# variables.tf says what each means.

# Where
project_id          = "my-project"
region              = "europe-west1"
location            = "europe-west1"
name                = "xml-to-bigquery"
dataset_id          = "sales"
labels              = { team = "data", cost_center = "4711" }
enable_apis         = true
deletion_protection = true

# Network
network                  = "shared-network"
network_project          = "my-host-project"
subnetwork               = "dataflow"
network_tags             = ["dataflow", "no-internet"]
grant_on_network_and_key = false

# Encryption
kms_key = "projects/my-keys/locations/europe-west1/keyRings/data/cryptoKeys/xml-to-bigquery"

# Buckets
delete_input             = false
input_versions_days      = 7
soft_delete_days         = 7
staging_soft_delete_days = 0
temp_days                = 14
dead_letter_days         = 365

# Pub/Sub
object_prefix             = "incoming/"
message_retention_days    = 7
deduplication_window_days = 8
dead_letter_topic         = true

# BigQuery
schema_directory = null
clustering       = { customers = ["CustomerID"], orders = ["CustomerID", "EmployeeID"] }
partitioning     = { orders = { type = "MONTH", expiration_days = 730 } }
file_loads_days  = 730

# Accounts
composer_service_account     = "composer@my-project.iam.gserviceaccount.com"
operators                    = ["group:operators@example.com"]
uploaders                    = ["serviceAccount:shop@my-shop.iam.gserviceaccount.com"]
create_build_service_account = true

# Jobs. The first time leave the streaming job out: it needs the images and the template.
image_tag = "0.1.0"
streaming_job = {
  machine_type          = "n2-standard-2"
  launcher_machine_type = "n1-standard-1"
  max_workers           = 5
  parameters            = { reconcileInterval = "1h" }
}

# Monitoring
create_alerts         = true
create_dashboard      = true
notification_channels = ["projects/my-project/notificationChannels/1234567890"]
alert_minutes         = { backlog = 15, lag = 30 }
